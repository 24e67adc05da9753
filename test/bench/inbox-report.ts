import type { Slice } from './contestant.ts'
import type { Delivered } from './messages.ts'
import { compare, printTable, speed, verdict } from './report.ts'
import type { Entrants, Round } from './rounds.ts'
import { median, quantiles } from './statistics.ts'

/** The goals of an inbox. */
export interface Goals {
  /** The route's throughput, relative to the bare route. */
  readonly speed: number
  /** The 99th percentile of the response time in milliseconds. */
  readonly latency: number
  /** Events per second in the delivery of a backlog. */
  readonly delivery: number
}

/**
 * The memory of a process with the longer backlog may exceed the memory with the shorter one by this factor plus this
 * many bytes. Its additional bodies have 50 MB.
 *
 * The heap varies with the number of running deliveries. V8's young generation grows by up to 16 MB in a longer run.
 */
const growth = 1.25
const slack = { heap: 4e6, own: 16e6 }

/** Prints the throughput of each route, relative to the bare one, and the response times. */
export function printStoring<Name extends string> (
  entrants: Entrants<Name | 'bare'>,
  rounds: ReadonlyArray<Round<Name | 'bare'>>,
  goals?: Goals
): void {
  // `Object.keys` returns strings.
  const names = Object.keys(entrants) as Name[]
  const judge = (goal: string, met: boolean, name: Name) => {
    if (goals === undefined) return []
    return name === 'bare' ? ['', ''] : [goal, verdict(met)]
  }
  const judged = goals === undefined ? [] : ['goal', '']
  const { speed: fast = NaN, latency = NaN } = { ...goals }
  printTable('relative to bare Fastify, and response times in milliseconds', [
    [
      '', 'requests/s', 'quartiles', 'range', 'in total', ...judged, 'median', '99th percentile', 'maximum', ...judged,
      'delivered meanwhile'
    ],
    ...names.map((name) => {
      const slices = rounds.map((round) => round[name])
      const ratio = median(rounds.map((round) => speed(round[name], round.bare)))
      const latencies = slices.flatMap(({ latencies }) => latencies)
      const [half = NaN, most = NaN, all = NaN] = quantiles(latencies, [0.5, 0.99, 1])
      return [
        entrants[name].title,
        ...compare(rounds, name, 'bare', speed),
        ...judge(`at least ${fast}`, ratio >= fast, name),
        ...[half, most, all].map((time) => time.toFixed(1)),
        ...judge(`under ${latency}`, most < latency, name),
        share(slices)
      ]
    })
  ])
}

// The percentage of requests whose events were emitted before the last response.
function share (slices: readonly Slice[]): string {
  const requests = slices.reduce((sum, { requests }) => sum + requests, 0)
  const events = slices.reduce((sum, { events = NaN }) => sum + events, 0)
  return Number.isNaN(events) ? '' : `${(events / requests * 100).toFixed(1)} %`
}

/** Prints the throughput of each first server, relative to the second one of its pair. */
export function printPairs<Name extends string> (
  entrants: Entrants<Name>,
  rounds: ReadonlyArray<Round<Name>>,
  pairs: ReadonlyArray<readonly [Name, Name]>,
  goal: number
): void {
  printTable('relative to the same without the plugin', [
    ['', '', 'requests/s', 'quartiles', 'range', 'in total', 'goal', ''],
    ...pairs.map(([one, other]) => {
      const ratio = median(rounds.map((round) => speed(round[one], round[other])))
      const titles = [entrants[one].title, entrants[other].title]
      return [...titles, ...compare(rounds, one, other, speed), `at least ${goal}`, verdict(ratio >= goal)]
    })
  ])
}

/** Prints the rate of a delivery, relative to a plain worker. */
export function printDelivery (title: string, ours: Delivered, plain: Delivered, goal: number): void {
  const ratio = eventsPerSecond(ours) / eventsPerSecond(plain)
  printTable(`${title}: delivery of ${ours.events}, relative to a worker without the plugin`, [
    ['events/s', ratio.toFixed(2), `at least ${goal}`, verdict(ratio >= goal)]
  ])
}

/** Prints the rate and the memory of the delivery of two backlogs. */
export function printBacklogs (title: string, short: Delivered, long: Delivered, goals?: Goals): void {
  printTable(`${title}: delivery of a backlog to an empty listener`, [
    ['', `${short.events}`, `${long.events}`, ...goals ? ['goal', ''] : []],
    [
      'events/s',
      ...[short, long].map((delivered) => eventsPerSecond(delivered).toFixed(0)),
      ...goals ? [`at least ${goals.delivery}`, verdict(eventsPerSecond(long) >= goals.delivery)] : []
    ],
    ['heap and external memory', ...compareMemory(short.heap, long.heap, slack.heap, goals)],
    ['anonymous memory of the process', ...compareMemory(short.own, long.own, slack.own, goals)]
  ])
}

function eventsPerSecond ({ events, milliseconds }: Delivered): number {
  return events / milliseconds * 1000
}

function compareMemory (
  short: number | undefined,
  long: number | undefined,
  slack: number,
  goals: Goals | undefined
): string[] {
  if (short === undefined || long === undefined) return ['?', '?']
  const most = short * growth + slack
  return [inMegabytes(short), inMegabytes(long), ...goals ? [`under ${inMegabytes(most)}`, verdict(long < most)] : []]
}

function inMegabytes (bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
