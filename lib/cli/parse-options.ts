import { InvalidArgumentError } from 'commander'
import { isValidHeaderValue } from '../http/index.ts'
import { UsageError } from './command.ts'
import { parseJson } from '../util/parse-json.ts'

// Each function parses the text of an option. Commander prints the option and the text; the error adds the fix.

export function parseUrl (text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Use a URL such as http://127.0.0.1:3000/green-api.')
  }
  return url
}

/** Parses a token that is sent in a header. Commander would print an invalid one, so this throws its own error. */
export function parseToken (text: string): string {
  if (!isValidHeaderValue(text)) {
    throw new UsageError('The webhook token has white space around it or a control character. Remove it.')
  }
  return text
}

export function parseIdInstance (text: string): string {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError("Use the number from GREEN-API's console, such as 1101000001.")
  }
  return text
}

/** Parses an `apiTokenInstance`, which is part of URL paths. Throws its own error, as {@link parseToken} does. */
export function parseApiToken (text: string): string {
  if (!/^[\w-]+$/.test(text)) {
    throw new UsageError('The API token is empty or has an invalid character. Use only letters, digits, "_" and "-".')
  }
  return text
}

/** Parses the rate of a fault. */
export function parseRate (text: string): number {
  const rate = parseNumber(text)
  if (!(rate >= 0 && rate <= 1)) throw new InvalidArgumentError('Use a number from 0 (never) to 1 (always).')
  return rate
}

export function parsePositiveNumber (text: string): number {
  const number = parseNumber(text)
  if (!(number > 0 && number < Infinity)) throw new InvalidArgumentError('Use a number above 0.')
  return number
}

export function parsePositiveInteger (text: string): number {
  const number = parseNumber(text)
  if (!(Number.isSafeInteger(number) && number > 0)) throw new InvalidArgumentError('Use a whole number above 0.')
  return number
}

/** Parses a delay of at most a day. */
export function parseSeconds (text: string): number {
  const seconds = parseNumber(text)
  if (!(seconds >= 0 && seconds <= 86_400)) {
    throw new InvalidArgumentError('Use a number of seconds from 0 to 86400.')
  }
  return seconds
}

export function parsePort (text: string): number {
  const port = parseNumber(text)
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new InvalidArgumentError('Use a port from 1 to 65535, or 0 for any free port.')
  }
  return port
}

export function parseJsonObject (text: string): object {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError('Use a JSON object in shell quotes, such as \'{"buttonId":"yes"}\'.')
  }
  return value
}

function parseNumber (text: string): number {
  // Number('') is 0.
  return text.trim() === '' ? NaN : Number(text)
}
