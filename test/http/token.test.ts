import t from 'tap'
import { isValidHeaderValue, resolveTokens } from '../../lib/http/token.ts'

const fix = "set it to the instance's webhookUrlToken, to a list of tokens, to an object with the tokens by " +
  'idInstance, to a function that looks them up, or to false to accept anyone'

t.test('resolveTokens returns the tokens in one form when they are valid', async (t) => {
  t.equal(resolveTokens(false), false)
  t.strictSame(resolveTokens('a'), ['a'])
  t.strictSame(resolveTokens(['a', 'b']), ['a', 'b'])
  t.strictSame(resolveTokens({ 1: 'a', 22: ['b', 'c'] }), new Map([['1', ['a']], ['22', ['b', 'c']]]))
})

t.test('resolveTokens throws an error with the fix when a token is wrong', async (t) => {
  const undefinedToken = 'is undefined (is the environment variable set?)'
  const outer = 'has white space around it or a control character in it: remove that'
  const cases: Array<[token: unknown, message: string]> = [
    [undefined, `token ${undefinedToken}: ${fix}`],
    [null, `token is not a string: ${fix}`],
    ['', `token is empty: ${fix}`],
    [[], `token is an empty list: ${fix}`],
    [['a', undefined], `token ${undefinedToken}: ${fix}`],
    [{}, `token is an empty object: ${fix}`],
    [{ 1: [] }, `token of instance "1" is an empty list: ${fix}`],
    [{ 1: 'a', '2 ': 'b' }, 'token has "2 " for an idInstance: write the number from GREEN-API\'s console'],
    [{ ' 2': 'b' }, 'token has " 2" for an idInstance: write the number from GREEN-API\'s console'],
    [' a', `token ${outer}`]
  ]
  for (const [token, message] of cases) t.throws(() => resolveTokens(token), { message }, JSON.stringify(token))
})

t.test('resolveTokens checks what a function returns', async (t) => {
  const find = (found: unknown) => {
    const tokens = resolveTokens(() => found)
    return typeof tokens === 'function' ? tokens('1') : Promise.reject(new Error('not a function'))
  }
  for (const found of ['a', ['a'], Promise.resolve('a')]) t.strictSame(await find(found), ['a'])
  for (const found of [undefined, null, [], Promise.resolve(undefined)]) t.strictSame(await find(found), [], 'unknown')

  const fix = 'return a string, a list of strings, or undefined if the instance is unknown'
  await t.rejects(find(''), { message: `the result of token("1") is empty: ${fix}` })
  await t.rejects(find(false), { message: `the result of token("1") is not a string: ${fix}` })
  await t.rejects(find({ token: 'a' }), { message: `the result of token("1") is not a string: ${fix}` })
  await t.rejects(find(['secret ']), { message: /^(?!.*secret).*has white space around it/ })
  await t.rejects(find(Promise.reject(new Error('boom'))), { message: 'boom' })
})

t.test('isValidHeaderValue is true unless a header would lose or reject a character', async (t) => {
  for (const token of ['a', 'a b', '~', 'é', 'ключ']) t.equal(isValidHeaderValue(token), true, token)
  for (const token of [' a', 'a ', '\ta', 'a\0b', 'a\x1fb', 'a\x7fb', 'a\nb']) {
    t.equal(isValidHeaderValue(token), false, JSON.stringify(token))
  }
})
