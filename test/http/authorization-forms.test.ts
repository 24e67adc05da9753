/**
 * Random `Authorization` headers, compared with the documented forms: 1000, or as many as `FUZZ_RUNS`. A failure prints
 * its seed. `FUZZ_SEED` repeats the same headers.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createAuthenticate } from '../../lib/http/authorization.ts'
import { isValidHeaderValue, resolveTokens } from '../../lib/http/token.ts'

const settings = {
  numRuns: Number(process.env.FUZZ_RUNS ?? 1000),
  ...process.env.FUZZ_SEED !== undefined && { seed: Number(process.env.FUZZ_SEED) }
}

t.setTimeout(120_000 + settings.numRuns * 5)

const base64 = (text: string) => Buffer.from(text).toString('base64')
const toHeader = (text: string, encoding: BufferEncoding) => Buffer.from(text, encoding).toString('latin1')

const word = fc.oneof(
  { weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      's3cret', 'S3cret', 'schlüssel', 'ключ', 'Bearer', 'basic', 'a\u00A0b', 'dXNlcjpwYXNz', '='
    )
  }
)
const scheme = fc.constantFrom(
  'Bearer', 'bearer', 'BEARER', 'bEaReR', 'Basic', 'basic', 'BASIC', 'Digest', 'Token', 'Ärger', ''
)
const separator = fc.constantFrom(' ', ' ', ' ', '  ', '\t', ' \t ', '', '\u00A0', ' \u00A0', ':', ',')

/** Tokens as users configure them: some have a scheme of their own. */
const token = fc.oneof(
  { weight: 3, arbitrary: word },
  { weight: 1, arbitrary: fc.tuple(scheme, separator, word).map((parts) => parts.join('')) }
).filter((text) => text !== '' && isValidHeaderValue(text))

/** What a header can do to a token. */
const disguises: Record<string, (token: string) => string> = {
  nothing: (token) => token,
  base64,
  base64url: (token) => Buffer.from(token).toString('base64url'),
  'base64 twice': (token) => base64(base64(token)),
  'base64 of latin1': (token) => Buffer.from(token, 'latin1').toString('base64'),
  'user and password': (token) => base64(`user:${token}`),
  encoded: encodeURIComponent,
  quoted: (token) => `"${token}"`,
  'upper case': (token) => token.toUpperCase(),
  'lower case': (token) => token.toLowerCase(),
  shortened: (token) => token.slice(0, -1),
  extended: (token) => `${token}x`,
  repeated: (token) => `${token} ${token}`
}
const disguise = fc.oneof(fc.constantFrom('nothing', 'base64'), fc.constantFrom(...Object.keys(disguises)))

/** Headers that have something to do with a token. */
function headersFor (tokens: readonly string[]): fc.Arbitrary<string> {
  return fc.record({
    token: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...tokens) }, { weight: 1, arbitrary: word }),
    prefix: fc.array(fc.tuple(scheme, separator), { maxLength: 2 }),
    disguise,
    encoding: fc.constantFrom('utf8' as const, 'utf8' as const, 'latin1' as const)
  }).map(({ token, prefix, disguise, encoding }) => {
    const disguised = disguises[disguise]?.(token) ?? token
    return toHeader(prefix.flat().join('') + disguised, encoding)
  })
}

/**
 * The documented forms, read from the header: the token alone, after `Bearer` or `Basic`, in base64 after `Basic`, or
 * the whole header of a token with a scheme.
 */
function carries (header: string, token: string): boolean {
  return readings(header).some((text) => {
    if (text === token || withPlainScheme(text) === withPlainScheme(token)) return true
    const { scheme, rest } = split(text)
    if (scheme !== 'bearer' && scheme !== 'basic') return false
    return rest === token || (scheme === 'basic' && isBase64Of(rest, token))
  })
}

// A header has bytes. They are a token's in UTF-8 or, as some senders do, in Latin-1.
function readings (header: string): string[] {
  const bytes = Buffer.from(header, 'latin1')
  const utf8 = bytes.toString()
  return Buffer.from(utf8).equals(bytes) ? [header, utf8] : [header]
}

function split (text: string): { scheme: string, rest: string } {
  const end = [...text].findIndex((character) => character === ' ' || character === '\t')
  const first = [...text].slice(0, Math.max(end, 0)).join('')
  const rest = text.slice(first.length)
  const isScheme = first !== '' && [...first].every((character) => character > ' ' && character <= '~')
  return isScheme ? { scheme: first.toLowerCase(), rest: rest.replace(/^[ \t]+/, '') } : { scheme: '', rest: text }
}

function withPlainScheme (text: string): string {
  const { scheme, rest } = split(text)
  return scheme === '' ? text : `${scheme} ${rest}`
}

function isBase64Of (text: string, token: string): boolean {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text && bytes.equals(Buffer.from(token))
}

t.test('createAuthenticate accepts exactly the headers that have a token in a documented form', async (t) => {
  let accepted = 0
  const cases = fc.uniqueArray(token, { minLength: 1, maxLength: 3 }).chain((tokens) => {
    return fc.tuple(fc.constant(tokens), fc.array(headersFor(tokens), { minLength: 1, maxLength: 5 }))
  })

  fc.assert(fc.property(cases, ([tokens, headers]) => {
    const authenticate = createAuthenticate(resolveTokens(tokens))
    const authenticateByInstance = createAuthenticate(
      resolveTokens(Object.fromEntries(tokens.map((token, index) => [`110${index}`, token])))
    )
    assert.equal(authenticate(undefined), undefined)
    assert.equal(authenticate(''), undefined)

    for (const header of headers) {
      const carried = tokens.filter((token) => carries(header, token))
      if (carried.length > 0) accepted++
      const label = JSON.stringify({ tokens, header })
      assert.equal(authenticate(header) !== undefined, carried.length > 0, label)
      const scope = authenticateByInstance(header)
      assert.equal(scope !== undefined, carried.length > 0, label)
      for (const [index, token] of tokens.entries()) {
        assert.equal(scope?.has(`110${index}`, '') ?? false, carried.includes(token), label)
      }
    }
  }), settings)

  t.ok(accepted > settings.numRuns / 5, `${accepted} headers were accepted`)
})
