import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Body } from '../body/index.ts'
import { TokenCache } from './token-cache.ts'
import type { FindTokens, Tokens } from './token.ts'

/**
 * The instances that a token is valid for. A token of the options is valid for `''` too: a body without an instance.
 */
export interface TokenScope {
  /** Returns a promise only if the tokens of the instance must be looked up. It rejects if that fails. */
  has (idInstance: string, body: Body): boolean | Promise<boolean>
}

/** Returns the scope of the token in an `Authorization` header; `undefined` if the token is missing or wrong. */
export type Authenticate = (header: string | undefined) => TokenScope | undefined

const everyInstance: TokenScope = { has: () => true }

/**
 * Prepares the check of the `Authorization` header.
 *
 * GREEN-API sends `Bearer <token>`, `Basic <token>`, `Basic` with the token in base64, or only the token. A token that
 * includes a scheme is sent as it is. Schemes are case-insensitive.
 */
export function createAuthenticate (tokens: Tokens): Authenticate {
  if (tokens === false) return () => everyInstance
  if (typeof tokens === 'function') return authenticateByLookup(tokens)
  return tokens instanceof Map ? authenticateByInstance(tokens) : authenticateAny(tokens)
}

// The time of a comparison depends only on the length of the header.
function authenticateAny (tokens: readonly string[]): Authenticate {
  const byLength = new Map<number, { given: Buffer, accepted: Buffer[] }>()
  for (const variant of tokens.flatMap(headerVariants)) {
    const entry = byLength.get(variant.length) ?? { given: Buffer.alloc(variant.length), accepted: [] }
    entry.accepted.push(Buffer.from(variant, 'latin1'))
    byLength.set(variant.length, entry)
  }
  return (header = '') => isAccepted(header) || isAccepted(lowercaseScheme(header)) ? everyInstance : undefined

  function isAccepted (header: string): boolean {
    const entry = byLength.get(header.length)
    if (entry === undefined) return false
    entry.given.write(header, 'latin1')
    let found = false
    for (const accepted of entry.accepted) found = timingSafeEqual(entry.given, accepted) || found
    return found
  }
}

// There may be thousands of instances, too many to compare with each. The lookup is by a digest with a salt of this
// process, so its time reveals nothing about the tokens.
function authenticateByInstance (tokens: ReadonlyMap<string, readonly string[]>): Authenticate {
  const salt = randomBytes(16).toString('latin1')
  const digest = (header: string) => hash('sha256', salt + header, 'base64')
  const scopes = new Map<string, Set<string>>()
  for (const [idInstance, ownTokens] of tokens) {
    for (const key of ownTokens.flatMap(headerVariants).map(digest)) {
      scopes.set(key, (scopes.get(key) ?? new Set([''])).add(idInstance))
    }
  }
  return (header = '') => scopes.get(digest(lowercaseScheme(header)))
}

// The instance is in the body: until that is read, any token can be the right one.
function authenticateByLookup (findTokens: FindTokens): Authenticate {
  const cache = new TokenCache(findTokens, authenticateAny)
  return (header = '') => {
    if (!/^(?!(?:bearer|basic)$)./i.test(header)) return undefined
    const isAccepted = (authenticate: Authenticate | undefined) => authenticate?.(header) !== undefined
    return {
      has (idInstance, body) {
        const claimed = claimedInstance(idInstance, body)
        // A body can contain any text: it must not fill the cache, or reach the function.
        if (!/^\d{0,20}$/.test(claimed)) return false
        const found = cache.get(claimed)
        return found instanceof Promise ? found.then(isAccepted) : isAccepted(found)
      }
    }
  }
}

/**
 * Returns the instance that a body names, even if it is too large or not JSON: a 401 for it would block the queue of
 * its instance. Returns `''` if there is none.
 *
 * @param idInstance the `idInstance` of the event
 */
export function claimedInstance (idInstance: string, body: Body): string {
  if (idInstance !== '') return idInstance
  const text = typeof body === 'string' ? body : body.head
  const [, found = ''] = /"idInstance"\s*:\s*"?(\d+)/.exec(text) ?? []
  return found
}

// Every header that carries the token. Node decodes headers as latin1, so a token with other characters arrives as
// its UTF-8 bytes.
function headerVariants (token: string): string[] {
  const bytes = Buffer.from(token)
  const utf8Bytes = bytes.toString('latin1')
  const sent = isLatin1(token) && token !== utf8Bytes ? [token, utf8Bytes] : [utf8Bytes]
  return [
    ...sent.map(lowercaseScheme),
    // GREEN-API's spelling, which matches without lowercaseScheme.
    ...sent.map((spelling) => `Bearer ${spelling}`),
    ...sent.map((spelling) => `bearer ${spelling}`),
    ...sent.map((spelling) => `basic ${spelling}`),
    `basic ${bytes.toString('base64')}`
  ]
}

// A scheme has only visible ASCII characters. Other letters and other white space belong to the token.
const schemePattern = /^([!-~]+)[ \t]+/

function lowercaseScheme (header: string): string {
  const [start = '', scheme = ''] = schemePattern.exec(header) ?? []
  return start === '' ? header : `${scheme.toLowerCase()} ${header.slice(start.length)}`
}

function isLatin1 (text: string): boolean {
  return Buffer.from(text, 'latin1').toString('latin1') === text
}
