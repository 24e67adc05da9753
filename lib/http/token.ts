import { assertOption } from '../util/check-options.ts'

/** Which tokens GREEN-API may send, for whom; see the option `token`. */
export type Token = string | readonly string[] | Readonly<Record<string, string | readonly string[]>> | false

/** Whose tokens are accepted: nobody's are asked for, these speak for all, or each for its instance. */
export type Tokens = false | string[] | Map<string, string[]>

/**
 * Checks the option `token`, and spells it in one way.
 *
 * @throws {InvalidOptionError} with a sentence that says what to write instead
 */
export function resolveTokens (token: unknown): Tokens {
  if (token === false) return false
  if (typeof token !== 'object' || token === null || Array.isArray(token)) return resolveList(token, 'token')
  const entries = Object.entries(token)
  assertOption(entries.length > 0, `token names no instance: ${fix}`)
  return new Map(entries.map(([idInstance, tokens]) => {
    assertOption(/^\S+$/.test(idInstance), `token has "${idInstance}" for an idInstance: write the number that GREEN-API's console shows`)
    return [idInstance, resolveList(tokens, `token of instance "${idInstance}"`)]
  }))
}

const fix = "set it to the instance's webhookUrlToken, to a list of tokens, to a record of them by idInstance, or to false to accept anyone"

function resolveList (token: unknown, subject: string): string[] {
  const tokens: unknown[] = Array.isArray(token) ? token : [token]
  assertOption(tokens.length > 0, `${subject} is an empty list: ${fix}`)
  return tokens.map((each) => {
    assertOption(each !== undefined, `${subject} is undefined (is the environment variable set?): ${fix}`)
    assertOption(typeof each === 'string', `${subject} is not a string: ${fix}`)
    assertOption(each !== '', `${subject} is empty: ${fix}`)
    assertOption(isValidHeaderValue(each), `${subject} has white space around it or a control character in it: remove that`)
    return each
  })
}

/** Whether a token arrives as it was sent. White space around it, and control characters, a header loses on its way. */
export function isValidHeaderValue (token: string): boolean {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return token === token.trim() && !/[\0-\x1f\x7f]/.test(token)
}
