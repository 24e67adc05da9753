import t from 'tap'
import { errorMessage } from '../../lib/util/error-message.ts'

t.test('an error says its message, and anything else what it is as a string', async (t) => {
  const cases: Array<[thrown: unknown, message: string]> = [
    [new Error('the database is away'), 'the database is away'],
    [new TypeError(''), ''],
    ['away', 'away'],
    [404, '404'],
    [undefined, 'undefined'],
    [Symbol('away'), 'Symbol(away)'],
    [{ toString: () => 'away' }, 'away']
  ]
  for (const [thrown, message] of cases) t.equal(errorMessage(thrown), message)
})

t.test('what cannot be read is said to be that', async (t) => {
  const secretive = new Error('boom')
  Object.defineProperty(secretive, 'message', { get () { throw new Error('nobody may read this') } })
  const unreadable = [secretive, Object.create(null), { toString () { throw new Error('boom') } }]
  for (const thrown of unreadable) t.equal(errorMessage(thrown), 'unreadable error')
})
