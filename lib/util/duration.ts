import { assertOption } from './check-options.ts'

const unitsMs = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

type Unit = keyof typeof unitsMs

/** A number of milliseconds, or a number with a unit (`ms`, `s`, `min` or `h`), such as `'5 min'`. */
export type Duration = number | `${number} ${Unit}` | `${number}${Unit}`

/**
 * Returns a duration in milliseconds.
 *
 * @param name the option, for the error
 * @throws {InvalidOptionError} when it is not a duration
 */
export function parseDuration (duration: unknown, name: string): number {
  const [, number, unit = 'ms'] = /^(\d+(?:\.\d+)?) ?(ms|s|min|h)?$/.exec(String(duration)) ?? []
  assertOption(
    number !== undefined,
    `${name} must be a duration, such as "5 min", "24 h" or 300000 (milliseconds). The units are ms, s, min and h`
  )
  // The expression has only known units.
  return Math.round(Number(number) * unitsMs[unit as Unit])
}
