import { assertOption } from '../util/check-options.ts'

/**
 * The option `token`, the `webhookUrlToken` to accept:
 *
 * - a string: one token
 * - an array: several, for rotation
 * - an object: one or several tokens for each `idInstance`
 * - a function: looks up the tokens of an `idInstance`
 * - `false`: no authentication
 */
export type Token =
  string | readonly string[] | Readonly<Record<string, string | readonly string[]>> | TokenLookup | false

/** One or several tokens of an instance; nothing or an empty list if the instance is unknown. */
type FoundTokens = string | readonly string[] | null | undefined

/**
 * Looks up the tokens of an instance, to add and remove instances without a restart.
 *
 * Returns nothing for an unknown instance, which is answered 401. If it throws, rejects, returns an invalid token or
 * does not return within 10 s, the answer is 503, and GREEN-API sends the notification again.
 *
 * Results are cached for 60 s: those of the 10 000 instances that were looked up last, and those of 1 000 unknown
 * instances. Beyond that number, an instance that has no token yet is answered 503 until a result expires. A failure
 * is cached for 5 s. Concurrent requests of an instance share one call.
 *
 * The instance is in the body, so a request with any token is read before it is checked. Without an `Authorization`
 * header it is answered 401 at once.
 *
 * @param idInstance the instance that the body names; `''` if it names none, as a record of a journal
 */
export type TokenLookup = (idInstance: string) => FoundTokens | PromiseLike<FoundTokens>

/** A `TokenLookup` that checks what it returns. An empty list means that the instance is unknown. */
export type FindTokens = (idInstance: string) => Promise<string[]>

/**
 * The option `token` in one form: no authentication, tokens for all instances, tokens by `idInstance`, or a function.
 */
export type Tokens = false | string[] | Map<string, string[]> | FindTokens

/**
 * Checks the option `token`.
 *
 * @throws {InvalidOptionError} if it is wrong. The message includes the fix.
 */
export function resolveTokens (token: unknown): Tokens {
  if (token === false) return false
  // What it returns is checked.
  if (typeof token === 'function') return findTokensWith(token as (idInstance: string) => unknown)
  if (typeof token !== 'object' || token === null || Array.isArray(token)) return resolveList(token, 'token')
  const entries = Object.entries(token)
  assertOption(entries.length > 0, `token is an empty object: ${optionFix}`)
  return new Map(entries.map(([idInstance, tokens]) => {
    const isId = /^\d+$/.test(idInstance)
    assertOption(isId, `token has "${idInstance}" for an idInstance: write the number from GREEN-API's console`)
    return [idInstance, resolveList(tokens, `token of instance "${idInstance}"`)]
  }))
}

const optionFix = "set it to the instance's webhookUrlToken, to a list of tokens, to an object with the tokens by " +
  'idInstance, to a function that looks them up, or to false to accept anyone'

function findTokensWith (lookUp: (idInstance: string) => unknown): FindTokens {
  const fix = 'return a string, a list of strings, or undefined if the instance is unknown'
  return async (idInstance) => {
    const found = await lookUp(idInstance)
    if (found == null || (Array.isArray(found) && found.length === 0)) return []
    return resolveList(found, `the result of token("${idInstance}")`, fix)
  }
}

function resolveList (token: unknown, subject: string, fix = optionFix): string[] {
  const tokens: unknown[] = Array.isArray(token) ? token : [token]
  assertOption(tokens.length > 0, `${subject} is an empty list: ${fix}`)
  return tokens.map((each) => {
    assertOption(each !== undefined, `${subject} is undefined (is the environment variable set?): ${fix}`)
    assertOption(typeof each === 'string', `${subject} is not a string: ${fix}`)
    assertOption(each !== '', `${subject} is empty: ${fix}`)
    assertOption(
      isValidHeaderValue(each), `${subject} has white space around it or a control character in it: remove that`
    )
    return each
  })
}

/** Whether a header can carry the token: headers lose outer white space and cannot contain control characters. */
export function isValidHeaderValue (token: string): boolean {
  // eslint-disable-next-line no-control-regex -- the characters to find
  return token === token.trim() && !/[\0-\x1f\x7f]/.test(token)
}
