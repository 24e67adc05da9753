import { measureCompiling } from './compiling.ts'
import { identities, measureMemory } from './memory.ts'
import { measureRegistering } from './registering.ts'
import { compare, printServers, printTable, thrift, speed, verdict } from './report.ts'
import { runRounds, type Entrants, type Plan, type Round } from './rounds.ts'
import { median } from './statistics.ts'

const connections = 32

const entrants = {
  plugin: { title: 'fastify-green-api', server: 'plugin' },
  bare: { title: '(a) bare Fastify', server: 'bare' },
  union: { title: '(b) Fastify, union, Ajv', server: 'union' },
  express: { title: '(c) Express, switch', server: 'express' },
  http: { title: '(d) node:http, JSON.parse', server: 'http' }
} satisfies Entrants<string>
type ServerName = keyof typeof entrants

/** The goals of the plugin's throughput, relative to the other server. */
const goals: ReadonlyArray<readonly [name: ServerName, goal: number | undefined]> = [
  ['bare', 0.95],
  ['union', 2.5],
  ['express', 3],
  ['http', undefined]
]

/** Measures the handling of requests, and the plugin's cost in start time, memory and compile time. */
export async function benchRequests (plan: Plan): Promise<void> {
  console.log([
    `${plan.rounds} rounds of ${plan.slice} ms each, over ${plan.launches} launches`,
    `${connections} connections`,
    'menus, taps and statuses in equal parts'
  ].join('; '))
  const rounds = await runRounds(entrants, plan, { connections })
  printRatios(rounds)
  printServers(entrants, rounds)

  const { cold, warm, imported, fastify } = await measureRegistering()
  const bytes = await measureMemory()
  const seconds = measureCompiling()
  printTable('other costs', [
    ['', '', 'goal', ''],
    ['first ready() of a process', inMilliseconds(cold), 'under 20 ms', verdict(cold < 20)],
    ['import of the package beyond Fastify', inMilliseconds(imported), 'at most 70 ms', verdict(imported <= 70)],
    ['import of Fastify', inMilliseconds(fastify)],
    ['later ready()', inMilliseconds(warm)],
    [`${identities} remembered notifications`, `${(bytes / 1e6).toFixed(1)} MB`, 'under 20 MB', verdict(bytes < 20e6)],
    ['compiling listeners of five events', `${seconds.toFixed(2)} s`, 'at most 1 s', verdict(seconds <= 1)]
  ])
}

/**
 * Prints the plugin's throughput and processor time relative to the other servers, with the goals.
 *
 * Servers are compared within each round. A median hides rare and expensive work, such as a garbage collection, so the
 * totals of all rounds are compared as well.
 */
function printRatios (rounds: ReadonlyArray<Round<ServerName>>): void {
  printTable('fastify-green-api relative to the other server (above 1: the plugin is better)', [
    ['', 'requests/s', 'quartiles', 'range', 'in total', 'goal', '', 'CPU', 'quartiles', 'range', 'in total'],
    ...goals.map(([name, goal]) => [
      entrants[name].title,
      ...compare(rounds, 'plugin', name, speed),
      goal === undefined ? '' : `at least ${goal}`,
      goal === undefined ? '' : verdict(median(rounds.map((round) => speed(round.plugin, round[name]))) >= goal),
      ...compare(rounds, 'plugin', name, thrift)
    ])
  ])
}

function inMilliseconds (value: number): string {
  return `${value.toFixed(1)} ms`
}
