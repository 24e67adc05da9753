import fc from 'fast-check'
import t from 'tap'
import { IdentityHash } from '../../lib/dedup/identity-hash.ts'
import type { Identity } from '../../lib/recognition/index.ts'

const identityOf = (idMessage: string): Identity => ({ idInstance: '1101', type: 'incomingCall', state: '', idMessage })

const hash = new IdentityHash()

function hashOf (identity: Identity): string {
  const { low, high } = hash.update(identity)
  return `${low} ${high}`
}

// Short parts of few characters, so that equal words can end up in different parts.
const part = fc.string({ unit: fc.constantFrom('\0', '\u0001', '\u0002', 'a', '\uFFFF'), maxLength: 3 })
const identities = fc.record({ idInstance: part, type: part, state: part, idMessage: part })

t.test('IdentityHash is equal for equal identities only', async () => {
  fc.assert(fc.property(identities, identities, (one, other) => {
    const same = Object.values(one).join('|') === Object.values(other).join('|')
    return hashOf({ ...one }) === hashOf(one) && (hashOf(one) === hashOf(other)) === same
  }), { numRuns: 2000 })
})

t.test('IdentityHash depends on a random key', async (t) => {
  const other = new IdentityHash().update(identityOf('a'))

  t.not(`${other.low} ${other.high}`, hashOf(identityOf('a')))
})

t.test('IdentityHash sets each bit for half of the identities', async (t) => {
  const counts = Array<number>(64).fill(0)
  const count = 4000
  for (let number = 0; number < count; number++) {
    const { low, high } = hash.update(identityOf(`BAE5FB${number}`))
    for (let bit = 0; bit < 32; bit++) {
      counts[bit] = (counts[bit] ?? 0) + (low >>> bit & 1)
      counts[32 + bit] = (counts[32 + bit] ?? 0) + (high >>> bit & 1)
    }
  }

  // Ten standard deviations.
  for (const [bit, each] of counts.entries()) t.ok(Math.abs(each - count / 2) < 316, `bit ${bit}: ${each} of ${count}`)
})
