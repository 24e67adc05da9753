import fc from 'fast-check'
import t from 'tap'
import { readButtonId, writeButtonId } from '../../lib/sending/button-id.ts'

t.test('writeButtonId writes what a log can show', async (t) => {
  t.equal(writeButtonId({ menu: 'confirm', choice: 'yes', payload: '4711' }), 'confirm:yes:4711')
  t.equal(writeButtonId({ menu: 'confirm', choice: 'yes', payload: '' }), 'confirm:yes')
  t.equal(writeButtonId({ menu: 'a:b%', choice: 'c', payload: 'd:e%' }), 'a%3Ab%25:c:d:e%')
})

t.test('readButtonId reads what writeButtonId wrote', async (t) => {
  const special = fc.constantFrom(':', '%', '3', 'A', '25', '\n')
  const name = fc.string({ unit: fc.oneof(special, fc.string({ minLength: 1 })), minLength: 1 })
  fc.assert(fc.property(name, name, fc.oneof(fc.string(), name), (menu, choice, payload) => {
    t.strictSame(readButtonId(writeButtonId({ menu, choice, payload })), { menu, choice, payload })
  }))
})

t.test('writeButtonId gives different taps different ids', async () => {
  const part = fc.string({ unit: fc.constantFrom(':', '%', '3', 'A', '2', '5'), minLength: 1, maxLength: 4 })
  const tap = fc.record({ menu: part, choice: part, payload: fc.oneof(fc.constant(''), part) })
  fc.assert(fc.property(tap, tap, (one, other) => {
    const same = one.menu === other.menu && one.choice === other.choice && one.payload === other.payload
    return same === (writeButtonId(one) === writeButtonId(other))
  }), { numRuns: 1000 })
})

t.test('readButtonId returns undefined for an id of another form', async (t) => {
  for (const id of ['', 'yes', ':', 'a:', ':b', ':b:c', 'a::c', 'a:b:']) t.equal(readButtonId(id), undefined, id)
})
