import type { Slice } from './contestant.ts'
import type { Entrants, Round } from './rounds.ts'
import { summarize } from './statistics.ts'

type Measured = Pick<Slice, 'requests' | 'milliseconds' | 'cpu'>

const throughput = ({ requests, milliseconds }: Measured) => requests / milliseconds * 1000
const cost = ({ requests, cpu }: Measured) => cpu / requests * 1000
const utilization = ({ milliseconds, cpu }: Measured) => cpu / milliseconds

/** The throughput of one server, relative to the other. */
export const speed = (one: Measured, other: Measured) => throughput(one) / throughput(other)

/** The processor time per request of the other server, relative to the first one. */
export const thrift = (one: Measured, other: Measured) => cost(other) / cost(one)

/** Compares two servers in each round, and in total. Returns median, quartiles, range and the total. */
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
 * Prints the absolute numbers of each server. They depend on the machine and its load.
 *
 * If the processor time is far below the wall time, the server waited for the generator or for a processor.
 */
export function printServers<Name extends string> (
  entrants: Entrants<Name>,
  rounds: ReadonlyArray<Round<Name>>
): void {
  // `Object.keys` returns strings.
  const names = Object.keys(entrants) as Name[]
  printTable('each server: median (range)', [
    ['', 'requests/s', '', 'CPU µs/request', '', 'CPU/wall time', ''],
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

/** Prints a table. The first row contains the column heads. */
export function printTable (title: string, rows: ReadonlyArray<readonly string[]>): void {
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length))
  console.log(`\n${title}`)
  for (const row of rows) {
    const cells = row.map((cell, column) => column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column)))
    console.log(cells.join('  '))
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
