import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measureCompiling } from './compiling.ts'
import { identities, measureMemory } from './memory.ts'
import { measureRegistering } from './registering.ts'
import { printRatios, printServers, printTable, verdict } from './report.ts'
import { runRounds } from './rounds.ts'

// Measures, and judges nothing by its exit code: a busy machine must not fail a build.

const { values } = parseArgs({
  options: {
    launches: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '48' },
    warmups: { type: 'string', default: '4' },
    slice: { type: 'string', default: '250' }
  }
})
const plan = {
  launches: Number(values.launches),
  rounds: Number(values.rounds),
  warmups: Number(values.warmups),
  slice: Number(values.slice)
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
console.log(`${plan.rounds} rounds of ${plan.slice} ms each, over ${plan.launches} launches; 32 connections; menus, taps and statuses in equal parts`)

const rounds = await runRounds(plan)
printRatios(rounds)
printServers(rounds)

const { cold, warm, imported } = await measureRegistering()
const bytes = await measureMemory()
const seconds = measureCompiling()
printTable('beside the requests', [
  ['', '', 'goal', ''],
  ['registering adds to the first ready() of a process', inMilliseconds(cold), 'under 20 ms', verdict(cold < 20)],
  ['… with the import of the package', inMilliseconds(cold + imported)],
  ['… to a later ready()', inMilliseconds(warm)],
  [`${identities} remembered identities take`, `${(bytes / 1e6).toFixed(1)} MB`, 'under 20 MB', verdict(bytes < 20e6)],
  ['listening to five events adds to compiling a program', `${seconds.toFixed(2)} s`, 'at most 1 s', verdict(seconds <= 1)]
])

function inMilliseconds (value: number): string {
  return `${value.toFixed(1)} ms`
}
