import { servers, type Round, type ServerName, type Slice } from './rounds.ts'
import { summarize } from './statistics.ts'

/** What the plugin's throughput is to reach, as a multiple of the other's. */
const goals: ReadonlyArray<readonly [name: ServerName, goal: number | undefined]> = [
  ['bare', 0.85],
  ['union', 2.5],
  ['express', 3],
  ['http', undefined]
]

/** Prints by how much the plugin is faster, each round compared within itself, beside the goals. */
export function printRatios (rounds: readonly Round[]): void {
  const throughput = ({ plugin }: Round, other: Slice) => plugin.throughput / other.throughput
  const cpu = ({ plugin }: Round, other: Slice) => other.cpu / plugin.cpu
  printTable('fastify-green-api by the other, above 1: the plugin is better', [
    ['', 'requests a second', 'quartiles', 'range', 'goal', '', 'CPU a request', 'quartiles', 'range'],
    ...goals.map(([name, goal]) => {
      const speed = summarize(rounds.map((round) => throughput(round, round[name])))
      const thrift = summarize(rounds.map((round) => cpu(round, round[name])))
      return [
        servers[name],
        ...[speed.median, speed.quartiles, speed.range].map(ratio),
        goal === undefined ? '' : `at least ${goal}`,
        goal === undefined ? '' : verdict(speed.median >= goal),
        ...[thrift.median, thrift.quartiles, thrift.range].map(ratio)
      ]
    })
  ])
}

/** Prints what each server did by itself: true of this machine at this hour only. */
export function printServers (rounds: readonly Round[]): void {
  printTable('each by itself: median (range)', [
    ['', 'requests/s', '', 'CPU µs a request', '', 'CPU by wall time', ''],
    ...Object.entries(servers).map(([name, title]) => {
      const slices = rounds.map((round) => round[name as ServerName])
      return [
        title,
        ...columns(slices.map(({ throughput }) => throughput), 0),
        ...columns(slices.map(({ cpu }) => cpu), 1),
        ...columns(slices.map(({ utilization }) => utilization), 2)
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
