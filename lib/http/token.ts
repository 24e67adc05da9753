import { assertOption } from '../util/check-options.ts'

/**
 * The option `token`, the `webhookUrlToken` to accept:
 *
 * - a string: one token
 * - an array: several, for rotation
 * - an object: one or several tokens for each `idInstance`
 * - `false`: no authentication
 */
export type Token = string | readonly string[] | Readonly<Record<string, string | readonly string[]>> | false

/** The option `token` in one form: no authentication, tokens for all instances, or tokens by `idInstance`. */
export type Tokens = false | string[] | Map<string, string[]>

/**
 * Checks the option `token`.
 *
 * @throws {InvalidOptionError} if it is wrong. The message includes the fix.
 */
export function resolveTokens (token: unknown): Tokens {
  if (token === false) return false
  if (typeof token !== 'object' || token === null || Array.isArray(token)) return resolveList(token, 'token')
  const entries = Object.entries(token)
  assertOption(entries.length > 0, `token is an empty object: ${fix}`)
  return new Map(entries.map(([idInstance, tokens]) => {
    const isId = /^\d+$/.test(idInstance)
    assertOption(isId, `token has "${idInstance}" for an idInstance: write the number from GREEN-API's console`)
    return [idInstance, resolveList(tokens, `token of instance "${idInstance}"`)]
  }))
}

const fix = "set it to the instance's webhookUrlToken, to a list of tokens, to an object with the tokens by " +
  'idInstance, or to false to accept anyone'

function resolveList (token: unknown, subject: string): string[] {
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
