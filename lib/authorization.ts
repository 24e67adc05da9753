import { hash, randomBytes } from 'node:crypto'
import type { Tokens } from './options.ts'

/** Who may post, as the `token` option says. */
export interface Authorization {
  /** Whether the `Authorization` header carries one of the tokens. */
  admits (header: string | undefined): boolean
  /** Whether the token in the header speaks for the instance; any does where the body names none. */
  speaksFor (header: string | undefined, idInstance: string): boolean
}

const anyone: Authorization = { admits: () => true, speaksFor: () => true }

/**
 * Prepares the check of the `Authorization` header.
 *
 * GREEN-API sends `Bearer <token>`, or `Basic` with the token as it is or in base64, or the
 * token alone; a token that itself carries a scheme is sent as it stands. The names of the
 * schemes are case-insensitive.
 */
export function authorization (tokens: Tokens): Authorization {
  if (tokens === false) return anyone
  // A key of this process alone: how long a look-up takes then tells nothing of the tokens,
  // and takes no longer with a thousand of them.
  const salt = randomBytes(16).toString('latin1')
  const digest = (credentials: string) => hash('sha256', salt + credentials, 'base64')

  if (!(tokens instanceof Map)) {
    const digests = new Set(tokens.flatMap(spellings).map(digest))
    const admits = (header: string | undefined) => header !== undefined && digests.has(digest(withoutCase(header)))
    return { admits, speaksFor: () => true }
  }

  const instances = new Map<string, Set<string>>()
  for (const [idInstance, own] of tokens) {
    for (const key of own.flatMap(spellings).map(digest)) {
      instances.set(key, (instances.get(key) ?? new Set()).add(idInstance))
    }
  }
  const instancesOf = (header: string | undefined) => header === undefined ? undefined : instances.get(digest(withoutCase(header)))
  return {
    admits: (header) => instancesOf(header) !== undefined,
    speaksFor: (header, idInstance) => idInstance === '' || instancesOf(header)?.has(idInstance) === true
  }
}

// Every header that carries the token. Node reads headers as latin1, whatever was written.
function spellings (token: string): string[] {
  const bytes = Buffer.from(token)
  const sent = [...new Set([token, bytes.toString('latin1')])]
  return [
    ...sent.map(withoutCase),
    ...sent.map((spelling) => `bearer ${spelling}`),
    ...sent.map((spelling) => `basic ${spelling}`),
    `basic ${bytes.toString('base64')}`
  ]
}

// The header with its scheme, if it has one, in lower case.
function withoutCase (header: string): string {
  const space = header.indexOf(' ')
  return space === -1 ? header : header.slice(0, space).toLowerCase() + ' ' + header.slice(space).trimStart()
}
