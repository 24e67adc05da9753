import t from 'tap'
import { errorMessage } from '../../lib/util/error-message.ts'

t.test('errorMessage returns the message of an error, and any other value as a string', async (t) => {
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

t.test('errorMessage does not throw when the value cannot be read', async (t) => {
  const unreadableError = new Error('boom')
  Object.defineProperty(unreadableError, 'message', { get () { throw new Error('unreadable') } })
  const unreadable = [unreadableError, Object.create(null), { toString () { throw new Error('boom') } }]

  for (const thrown of unreadable) t.equal(errorMessage(thrown), 'unreadable error')
})
