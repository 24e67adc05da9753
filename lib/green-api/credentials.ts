import { assertOption } from '../util/check-options.ts'
import type { Credentials } from './client.ts'

/**
 * Validates what a request needs to reach an instance.
 *
 * @throws {InvalidOptionError} when one of them is wrong
 */
export function resolveCredentials (
  { apiUrl = 'https://api.green-api.com', idInstance, apiTokenInstance }: { readonly [Name in keyof Credentials]: unknown }
): Credentials {
  return {
    apiUrl: resolveUrl(apiUrl),
    idInstance: resolveId(idInstance),
    apiTokenInstance: resolveToken(apiTokenInstance)
  }
}

/**
 * Validates a URL of GREEN-API.
 *
 * @param name the option, for the error
 * @throws {InvalidOptionError} when it is not a URL
 */
export function resolveUrl (apiUrl: unknown, name = 'apiUrl'): string {
  const url = typeof apiUrl === 'string' && URL.canParse(apiUrl) ? new URL(apiUrl) : undefined
  assertOption(
    url !== undefined && /^https?:$/.test(url.protocol) && url.href === url.origin + url.pathname,
    `${name} must be the instance's URL as GREEN-API's console shows it, without a query, ` +
      'such as "https://api.green-api.com"'
  )
  return url.href.replace(/\/+$/, '')
}

function resolveId (idInstance: unknown): string {
  assertOption(
    idInstance !== undefined,
    "idInstance is undefined (is the environment variable set?): set it to the number that GREEN-API's console shows"
  )
  const isText = typeof idInstance === 'string' || typeof idInstance === 'number'
  assertOption(
    isText && /^\d+$/.test(String(idInstance)),
    "idInstance must be the number that GREEN-API's console shows, such as 1101000001"
  )
  return String(idInstance)
}

function resolveToken (apiTokenInstance: unknown): string {
  const fix = "set it to the instance's apiTokenInstance, which GREEN-API's console shows"
  assertOption(
    apiTokenInstance !== undefined,
    `apiTokenInstance is undefined (is the environment variable set?): ${fix}`
  )
  assertOption(typeof apiTokenInstance === 'string', `apiTokenInstance is not a string: ${fix}`)
  assertOption(apiTokenInstance !== '', `apiTokenInstance is empty: ${fix}`)
  assertOption(
    /^[\w-]+$/.test(apiTokenInstance),
    `apiTokenInstance has a character that no such token has (white space?): ${fix}`
  )
  return apiTokenInstance
}
