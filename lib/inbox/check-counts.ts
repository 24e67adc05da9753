import { InvalidOptionError } from '../errors.ts'

/** Checks options that are whole numbers above 0. */
export function checkCounts (options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isSafeInteger(value) || Number(value) < 1) throw new InvalidOptionError(`${name} must be a whole number above 0`)
  }
}
