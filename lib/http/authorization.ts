import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Tokens } from './token.ts'

/** Who may post, as the `token` option says. */
export interface Authorization {
  /** Whether the `Authorization` header carries one of the tokens. */
  authenticate (header: string | undefined): boolean
  /** Whether the token in the header speaks for the instance; any does where the body names none. */
  authorize (header: string | undefined, idInstance: string): boolean
}

const allowAll: Authorization = { authenticate: () => true, authorize: () => true }

/**
 * Prepares the check of the `Authorization` header.
 *
 * GREEN-API sends `Bearer <token>`, or `Basic` with the token as it is or in base64, or the
 * token alone; a token that itself carries a scheme is sent as it stands. The names of the
 * schemes are case-insensitive.
 */
export function authorization (tokens: Tokens): Authorization {
  if (tokens === false) return allowAll
  if (!(tokens instanceof Map)) return { authenticate: oneOf(tokens.flatMap(headerVariants)), authorize: () => true }
  const instancesOf = instancesByToken(tokens)
  return {
    authenticate: (header) => instancesOf(header) !== undefined,
    authorize: (header, idInstance) => idInstance === '' || instancesOf(header)?.has(idInstance) === true
  }
}

// Compares in a time that tells nothing but the length.
function oneOf (credentials: readonly string[]): Authorization['authenticate'] {
  const byLength = new Map<number, { given: Buffer, accepted: Buffer[] }>()
  for (const each of credentials) {
    const entry = byLength.get(each.length) ?? { given: Buffer.alloc(each.length), accepted: [] }
    entry.accepted.push(Buffer.from(each, 'latin1'))
    byLength.set(each.length, entry)
  }
  return (header = '') => isAccepted(header) || isAccepted(lowercaseScheme(header))

  function isAccepted (text: string): boolean {
    const entry = byLength.get(text.length)
    if (entry === undefined) return false
    entry.given.write(text, 'latin1')
    let found = false
    for (const each of entry.accepted) found = timingSafeEqual(entry.given, each) || found
    return found
  }
}

// There may be thousands of instances, too many to compare one by one. They are looked up by a
// digest under a key of this process alone: how long that takes tells nothing of the tokens.
function instancesByToken (tokens: ReadonlyMap<string, readonly string[]>): (header: string | undefined) => Set<string> | undefined {
  const salt = randomBytes(16).toString('latin1')
  const digest = (credentials: string) => hash('sha256', salt + credentials, 'base64')
  const instances = new Map<string, Set<string>>()
  for (const [idInstance, own] of tokens) {
    for (const key of own.flatMap(headerVariants).map(digest)) {
      instances.set(key, (instances.get(key) ?? new Set()).add(idInstance))
    }
  }
  return (header = '') => instances.get(digest(lowercaseScheme(header)))
}

// Every header that carries the token. Node reads headers as latin1, whatever was written, so
// that a token of other characters is read as its bytes.
function headerVariants (token: string): string[] {
  const bytes = Buffer.from(token)
  const inBytes = bytes.toString('latin1')
  const sent = isLatin1(token) && token !== inBytes ? [token, inBytes] : [inBytes]
  return [
    ...sent.map(lowercaseScheme),
    // As GREEN-API writes it, so that it need not be written anew to be compared.
    ...sent.map((spelling) => `Bearer ${spelling}`),
    ...sent.map((spelling) => `bearer ${spelling}`),
    ...sent.map((spelling) => `basic ${spelling}`),
    `basic ${bytes.toString('base64')}`
  ]
}

// The header with its scheme, if it has one, in lower case.
function lowercaseScheme (header: string): string {
  const space = header.indexOf(' ')
  return space === -1 ? header : header.slice(0, space).toLowerCase() + ' ' + header.slice(space).trimStart()
}

function isLatin1 (text: string): boolean {
  return Buffer.from(text, 'latin1').toString('latin1') === text
}
