import { InvalidOptionError } from '../errors.ts'
import { findTypo, nearest } from './nearest.ts'

/** Throws an `InvalidOptionError` with the message unless the condition holds. */
export function assertOption (condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvalidOptionError(message)
}

/**
 * Throws an `InvalidOptionError` if the options have an unknown name.
 *
 * @param owner names what the options are for, such as `sqliteInbox`
 */
export function assertKnownOptions (options: object, owner: string, known: readonly string[]): void {
  const target = ` for ${owner}`
  const isObject = typeof options === 'object' && options !== null
  assertOption(isObject, `The options${target} must be an object. ${expected(known)}`)
  for (const name of Object.keys(options)) assertKnownName(name, 'option', known, target)
}

/**
 * Throws an `InvalidOptionError` if a name is a typo of a known one. Returns all other unknown names.
 *
 * @param accepted unknown names that are not typos, although they differ from a known one by one character
 */
export function assertNoTypos (options: object, known: readonly string[], accepted: readonly string[]): string[] {
  const unknown = Object.keys(options).filter((name) => !known.includes(name))
  for (const name of unknown) {
    const similar = accepted.includes(name) ? undefined : findTypo(name, known)
    assertOption(similar === undefined, `Unknown option \`${name}\`. Did you mean \`${similar}\`?`)
  }
  return unknown
}

/** Throws an `InvalidOptionError` with the most similar name unless the name is known. */
export function assertKnownName (name: string, kind: string, known: readonly string[], target = ''): void {
  if (known.includes(name)) return
  const [similar] = nearest(name, known)
  const fix = similar === undefined ? expected(known) : `Did you mean \`${similar}\`?`
  throw new InvalidOptionError(`Unknown ${kind} \`${name}\`${target}. ${fix}`)
}

function expected (known: readonly string[]): string {
  return `Expected one of ${known.map((name) => `\`${name}\``).join(', ')}.`
}

/** Throws an `InvalidOptionError` unless each option is a whole number above 0. */
export function assertPositiveIntegers (options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    assertOption(isPositiveInteger(value), `${name} must be a whole number above 0`)
  }
}

export function isPositiveInteger (value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0
}

/** Whether a timer can wait for this number of milliseconds. Longer timers fire at once. */
export function isTimeout (value: unknown): boolean {
  return isPositiveInteger(value) && Number(value) <= 2 ** 31 - 1
}
