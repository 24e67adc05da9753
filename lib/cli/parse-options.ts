import { InvalidArgumentError } from 'commander'
import { isValidHeaderValue } from '../http/token.ts'
import { parseJson } from './parse-json.ts'

/** Each reads the text of an option, or throws with a sentence that says what to write instead. */

/** A URL to post to. */
export function readUrl (text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError('Write a URL such as http://127.0.0.1:3000/green-api.')
  return url
}

/** A secret that goes into a header. */
export function readToken (text: string): string {
  if (!isValidHeaderValue(text)) throw new InvalidArgumentError('It has white space around it or a control character in it: remove that.')
  return text
}

/** The number of an instance. */
export function readId (text: string): string {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Write the number that GREEN-API's console shows, such as 1101000001.")
  return text
}

/** The token of an instance's API, which becomes part of a path. */
export function readApiToken (text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new InvalidArgumentError('Write letters, digits, "_" and "-" alone, as such tokens have.')
  return text
}

/** How often something happens. */
export function readRate (text: string): number {
  const rate = numberOf(text)
  if (!(rate >= 0 && rate <= 1)) throw new InvalidArgumentError('Write a number from 0, never, to 1, always.')
  return rate
}

/** A number above 0. */
export function readAmount (text: string): number {
  const amount = numberOf(text)
  if (!(amount > 0 && amount < Infinity)) throw new InvalidArgumentError('Write a number above 0.')
  return amount
}

/** A whole number above 0. */
export function readCount (text: string): number {
  const count = numberOf(text)
  if (!(Number.isSafeInteger(count) && count > 0)) throw new InvalidArgumentError('Write a whole number above 0.')
  return count
}

/** How long a pause is. */
export function readSeconds (text: string): number {
  const seconds = numberOf(text)
  if (!(seconds >= 0 && seconds <= 86_400)) throw new InvalidArgumentError('Write a number of seconds, 86400 at most.')
  return seconds
}

/** A TCP port. */
export function readPort (text: string): number {
  const port = numberOf(text)
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) throw new InvalidArgumentError('Write a port from 1 to 65535, or 0 for any that is free.')
  return port
}

/** A JSON object. */
export function readObject (text: string): object {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InvalidArgumentError('Write a JSON object, in quotation marks for the shell, such as \'{"buttonId":"yes"}\'.')
  return value
}

// What is no number, an empty text too, is none of any kind.
function numberOf (text: string): number {
  return text.trim() === '' ? NaN : Number(text)
}
