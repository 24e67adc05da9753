import { InvalidOptionError } from '../errors.ts'

/** Checks that an inbox is made with options that it has. */
export function checkNames (options: object, maker: string, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new InvalidOptionError(`${name} is no option of ${maker}: write one of ${known.join(', ')}`)
  }
}

/** Checks options that are whole numbers above 0. */
export function checkCounts (options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isSafeInteger(value) || Number(value) < 1) throw new InvalidOptionError(`${name} must be a whole number above 0`)
  }
}
