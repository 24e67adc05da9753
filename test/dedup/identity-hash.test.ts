import t from 'tap'
import { IdentityHash } from '../../lib/dedup/identity-hash.ts'
import type { Identity } from '../../lib/recognition/index.ts'

const identityOf = (idMessage: string): Identity => ({ idInstance: '1101', type: 'incomingCall', state: '', idMessage })

const hash = new IdentityHash()

function hashOf (identity: Identity): string {
  const { low, high } = hash.update(identity)
  return `${low} ${high}`
}

// Parts whose words are equal to one another, to their lengths and to nothing.
const parts = ['', '\0', '\0\0', '\0\0\0', 'a', 'a\0', '\u0001', '\u0002']
const identities = parts.flatMap((idInstance) => parts.flatMap((type) => parts.flatMap((state) => {
  return parts.map((idMessage): Identity => ({ idInstance, type, state, idMessage }))
})))

t.test('IdentityHash differs for different identities, whatever characters their parts consist of', async (t) => {
  t.equal(new Set(identities.map(hashOf)).size, parts.length ** 4)
})

t.test('IdentityHash is equal for equal identities', async (t) => {
  for (const identity of identities.slice(0, 100)) t.equal(hashOf({ ...identity }), hashOf(identity))
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
