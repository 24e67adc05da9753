import t from 'tap'
import { findTypo, nearest } from '../../lib/util/nearest.ts'

t.test('nearest returns the names that resemble the word, the most similar first', async (t) => {
  const cases: Array<[what: string, word: string, names: string[], expected: string[]]> = [
    ['a transposition', 'tokne', ['path', 'token'], ['token']],
    ['another case', 'BODYLIMIT', ['bodyLimit'], ['bodyLimit']],
    ['two edits in a short name', 'taxx', ['text'], ['text']],
    ['three edits in a short name', 'xyzq', ['text'], []],
    ['a third of a long name', 'interactivButonsRepl', ['interactiveButtonsReply'], ['interactiveButtonsReply']],
    ['the end of a long name', 'reply', ['interactiveButtonsReply'], ['interactiveButtonsReply']],
    ['several names', 'aaac', ['aabb', 'aaab'], ['aaab', 'aabb']],
    ['more than three names', 'aaaa', ['aaab', 'aaac', 'aaad', 'aaae'], ['aaab', 'aaac', 'aaad']],
    ['an empty word', '', ['text'], []]
  ]
  for (const [what, word, names, expected] of cases) {
    await t.test(what, async (t) => { t.strictSame(nearest(word, names), expected) })
  }
})

t.test('findTypo returns the name that a word is a typo of', async (t) => {
  const cases: Array<[what: string, word: string, names: string[], expected: string | undefined]> = [
    ['another case', 'BODYLIMIT', ['path', 'bodyLimit'], 'bodyLimit'],
    ['a missing character', 'tokn', ['token'], 'token'],
    ['an extra character', 'tokens', ['token'], 'token'],
    ['a replaced character', 'tokan', ['token'], 'token'],
    ['two swapped characters', 'tkoen', ['token'], 'token'],
    ['a fourth of a long name', 'logSeriliser', ['logSerializers'], 'logSerializers'],
    ['two characters of a short name', 'port', ['poll'], undefined],
    ['the start of a name', 'log', ['logLevel'], undefined],
    ['the end of a name', 'limit', ['bodyLimit'], undefined],
    ['an empty word', '', ['text'], undefined]
  ]
  for (const [what, word, names, expected] of cases) {
    await t.test(what, async (t) => { t.equal(findTypo(word, names), expected) })
  }
})
