import { InvalidOptionError } from '../errors.ts'

/** Throws unless the condition holds; the message says what to write instead. */
export function assertOption (condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvalidOptionError(message)
}

/** Checks that what is made, an inbox say, is made with options that it has. */
export function assertKnownOptions (options: object, maker: string, known: readonly string[]): void {
  assertOption(typeof options === 'object' && options !== null, `${maker} takes an object of options: write some of ${known.join(', ')}`)
  for (const name of Object.keys(options)) {
    assertOption(known.includes(name), `${name} is no option of ${maker}: write one of ${known.join(', ')}`)
  }
}

/** Checks options that are whole numbers above 0. */
export function assertPositiveIntegers (options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) assertOption(isPositiveInteger(value), `${name} must be a whole number above 0`)
}

/** Whether it is a whole number above 0. */
export function isPositiveInteger (value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0
}

/** Whether a timer can wait for so many milliseconds. It fires at once beyond that. */
export function isTimeout (value: unknown): boolean {
  return isPositiveInteger(value) && Number(value) <= 2 ** 31 - 1
}
