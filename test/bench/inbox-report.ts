import type { Slice } from './contestant.ts'
import type { Delivered } from './messages.ts'
import { compare, printTable, speed, verdict } from './report.ts'
import type { Entrants, Round } from './rounds.ts'
import { median, quantiles } from './statistics.ts'

/** What an inbox is to reach. */
export interface Goals {
  /** The throughput of its route, as a multiple of the bare route's. */
  readonly speed: number
  /** In how many milliseconds 99 of 100 requests are answered. */
  readonly latency: number
  /** Events in a second, out of a backlog. */
  readonly delivery: number
}

/**
 * By how much a process that delivers the longer backlog may exceed the one that delivers the
 * shorter one: so many times, and so many bytes. The bodies that it has more of are 50 MB.
 *
 * Of the heap: how much is at work differs from one look to the next. Of its own memory: V8 gives
 * what is young another 16 MB when a process allocates for longer.
 */
const growth = 1.25
const slack = { heap: 4e6, own: 16e6 }

/** Prints how many requests each route answers, beside the bare one, and in what time. */
export function printStoring<Name extends string> (entrants: Entrants<Name | 'bare'>, rounds: ReadonlyArray<Round<Name | 'bare'>>, goals?: Goals): void {
  const names = Object.keys(entrants) as Name[]
  const judge = (goal: string, met: boolean, name: Name) => goals === undefined ? [] : name === 'bare' ? ['', ''] : [goal, verdict(met)]
  const judged = goals === undefined ? [] : ['goal', '']
  const { speed: fast = NaN, latency = NaN } = { ...goals }
  printTable('by bare Fastify, and milliseconds until an answer', [
    ['', 'requests/s', 'quartiles', 'range', 'in total', ...judged, 'half', '99 of 100', 'all', ...judged, 'delivered meanwhile'],
    ...names.map((name) => {
      const slices = rounds.map((round) => round[name])
      const ratio = median(rounds.map((round) => speed(round[name], round.bare)))
      const [half = NaN, most = NaN, all = NaN] = quantiles(slices.flatMap(({ latencies }) => latencies), [0.5, 0.99, 1])
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

// How many of the requests were events by the time the last of them was answered.
function share (slices: readonly Slice[]): string {
  const requests = slices.reduce((sum, { requests }) => sum + requests, 0)
  const events = slices.reduce((sum, { events = NaN }) => sum + events, 0)
  return Number.isNaN(events) ? '' : `${(events / requests * 100).toFixed(1)} %`
}

/** Prints how fast a backlog was delivered, and how much memory that took beside a shorter one. */
export function printBacklogs (title: string, short: Delivered, long: Delivered, goals?: Goals): void {
  const rate = ({ events, milliseconds }: Delivered) => events / milliseconds * 1000
  printTable(`${title}: what waits, delivered to a listener that does nothing`, [
    ['', `${short.events}`, `${long.events}`, ...goals ? ['goal', ''] : []],
    ['events/s', rate(short).toFixed(0), rate(long).toFixed(0), ...goals ? [`at least ${goals.delivery}`, verdict(rate(long) >= goals.delivery)] : []],
    ['heap and external memory', ...compareMemory(short.heap, long.heap, slack.heap, goals)],
    ['memory of the process\'s own', ...compareMemory(short.own, long.own, slack.own, goals)]
  ])
}

function compareMemory (short: number | undefined, long: number | undefined, slack: number, goals: Goals | undefined): string[] {
  if (short === undefined || long === undefined) return ['?', '?']
  const most = short * growth + slack
  return [inMegabytes(short), inMegabytes(long), ...goals ? [`under ${inMegabytes(most)}`, verdict(long < most)] : []]
}

function inMegabytes (bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
