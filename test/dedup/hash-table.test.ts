import fc from 'fast-check'
import t from 'tap'
import { HashTable } from '../../lib/dedup/hash-table.ts'

// Few different numbers, so that hashes meet in one slot, differ in one half only, and come again.
const half = fc.constantFrom(0, 1, 2, -1, 0x7FFFFFFF, -0x80000000)
const entries = fc.array(fc.tuple(fc.record({ low: half, high: half }), fc.constantFrom(1, -1, 2 ** 52, -(2 ** 52))))

t.test('HashTable returns the last value of each hash', async () => {
  fc.assert(fc.property(entries, (entries) => {
    const table = new HashTable(2)
    const expected = new Map<string, number>()
    for (const [hash, value] of entries) {
      table.set(hash, value)
      expected.set(`${hash.low} ${hash.high}`, value)
    }

    return table.size === expected.size && entries.every(([hash]) => {
      return table.get(hash) === expected.get(`${hash.low} ${hash.high}`)
    })
  }))
})

t.test('HashTable returns 0 for a hash that it does not hold', async (t) => {
  const table = new HashTable(4)
  table.set({ low: 1, high: 1 }, 5)

  t.equal(table.get({ low: 1, high: 2 }), 0)
  t.equal(table.get({ low: 5, high: 1 }), 0, 'of the same slot')
  t.equal(table.get({ low: 0, high: 0 }), 0)
})

t.test('HashTable is at most half full', async (t) => {
  const table = new HashTable(64)

  for (let low = 1; low <= 1000; low++) table.set({ low, high: 0 }, low)

  t.equal(table.size, 1000)
  t.equal(table.slots, 2048)
})
