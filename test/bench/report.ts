import { servers, type Round, type ServerName, type Slice } from './rounds.ts'
import { summarize } from './statistics.ts'

/** What the plugin's throughput is to reach, as a multiple of the other's. */
const goals: ReadonlyArray<readonly [name: ServerName, goal: number | undefined]> = [
  ['bare', 0.85],
  ['union', 2.5],
  ['express', 3],
  ['http', undefined]
]

const throughput = ({ requests, milliseconds }: Slice) => requests / milliseconds * 1000
const cost = ({ requests, cpu }: Slice) => cpu / requests * 1000
const utilization = ({ milliseconds, cpu }: Slice) => cpu / milliseconds

/**
 * Prints by how much the plugin is faster, beside the goals.
 *
 * Each round is compared within itself. A median passes over what is rare and dear, such as a
 * garbage collection, so the sums of all rounds are compared as well.
 */
export function printRatios (rounds: readonly Round[]): void {
  printTable('fastify-green-api by the other, above 1: the plugin is better', [
    ['', 'requests/s', 'quartiles', 'range', 'in total', 'goal', '', 'CPU', 'quartiles', 'range', 'in total'],
    ...goals.map(([name, goal]) => {
      const speed = (plugin: Slice, other: Slice) => throughput(plugin) / throughput(other)
      const thrift = (plugin: Slice, other: Slice) => cost(other) / cost(plugin)
      const { median } = summarize(rounds.map((round) => speed(round.plugin, round[name])))
      return [
        servers[name],
        ...compare(rounds, name, speed),
        goal === undefined ? '' : `at least ${goal}`,
        goal === undefined ? '' : verdict(median >= goal),
        ...compare(rounds, name, thrift)
      ]
    })
  ])
}

function compare (rounds: readonly Round[], name: ServerName, compareSlices: (plugin: Slice, other: Slice) => number): string[] {
  const { median, quartiles, range } = summarize(rounds.map((round) => compareSlices(round.plugin, round[name])))
  return [median, quartiles, range, compareSlices(total(rounds, 'plugin'), total(rounds, name))].map(ratio)
}

function total (rounds: readonly Round[], name: ServerName): Slice {
  const sum = (member: keyof Slice) => rounds.reduce((sum, round) => sum + round[name][member], 0)
  return { requests: sum('requests'), milliseconds: sum('milliseconds'), cpu: sum('cpu') }
}

/**
 * Prints what each server did by itself: true of this machine at this hour only.
 *
 * Processor time much below wall time says that the server was waiting: for the generator, or
 * for a processor that others had taken.
 */
export function printServers (rounds: readonly Round[]): void {
  printTable('each by itself: median (range)', [
    ['', 'requests/s', '', 'CPU µs a request', '', 'CPU by wall time', ''],
    ...Object.entries(servers).map(([name, title]) => {
      const slices = rounds.map((round) => round[name as ServerName])
      return [
        title,
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
