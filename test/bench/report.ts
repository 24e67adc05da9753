import type { Slice } from './contestant.ts'
import type { Entrants, Round } from './rounds.ts'
import { summarize } from './statistics.ts'

type Measured = Pick<Slice, 'requests' | 'milliseconds' | 'cpu'>

const throughput = ({ requests, milliseconds }: Measured) => requests / milliseconds * 1000
const cost = ({ requests, cpu }: Measured) => cpu / requests * 1000
const utilization = ({ milliseconds, cpu }: Measured) => cpu / milliseconds

/** How many times as many requests the one answers. */
export const speed = (one: Measured, other: Measured) => throughput(one) / throughput(other)

/** How many times as much processor time the other spends on a request. */
export const thrift = (one: Measured, other: Measured) => cost(other) / cost(one)

/** Compares two servers within each round, and the sums of all rounds: median, quartiles, range, in total. */
export function compare<Name extends string> (
  rounds: ReadonlyArray<Round<Name>>,
  one: Name,
  other: Name,
  compareSlices: (one: Measured, other: Measured) => number
): string[] {
  const { median, quartiles, range } = summarize(rounds.map((round) => compareSlices(round[one], round[other])))
  return [median, quartiles, range, compareSlices(total(rounds, one), total(rounds, other))].map(ratio)
}

function total<Name extends string> (rounds: ReadonlyArray<Round<Name>>, name: Name): Measured {
  const sum = (member: keyof Measured) => rounds.reduce((sum, round) => sum + round[name][member], 0)
  return { requests: sum('requests'), milliseconds: sum('milliseconds'), cpu: sum('cpu') }
}

/**
 * Prints what each server did by itself: true of this machine at this hour only.
 *
 * Processor time much below wall time says that the server was waiting: for the generator, or
 * for a processor that others had taken.
 */
export function printServers<Name extends string> (entrants: Entrants<Name>, rounds: ReadonlyArray<Round<Name>>): void {
  const names = Object.keys(entrants) as Name[]
  printTable('each by itself: median (range)', [
    ['', 'requests/s', '', 'CPU µs a request', '', 'CPU by wall time', ''],
    ...names.map((name) => {
      const slices = rounds.map((round) => round[name])
      return [
        entrants[name].title,
        ...columns(slices.map(throughput), 0),
        ...columns(slices.map(cost), 1),
        ...columns(slices.map(utilization), 2)
      ]
    })
  ])
}

/** Prints a table, its first row the heads of the columns. */
export function printTable (title: string, rows: ReadonlyArray<readonly string[]>): void {
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length))
  console.log(`\n${title}`)
  for (const row of rows) {
    console.log(row.map((cell, column) => column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column))).join('  '))
  }
}

export function verdict (met: boolean): string {
  return met ? 'met' : 'not met'
}

function ratio (value: number | readonly [number, number]): string {
  return typeof value === 'number' ? value.toFixed(2) : value.map(ratio).join('–')
}

function columns (values: readonly number[], decimals: number): string[] {
  const { median, range } = summarize(values)
  return [median.toFixed(decimals), `(${range.map((value) => value.toFixed(decimals)).join('–')})`]
}
