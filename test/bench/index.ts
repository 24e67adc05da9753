import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { benchInbox } from './inbox.ts'
import { benchRequests } from './requests.ts'

// The exit code does not depend on the goals, as a busy machine must not fail a build.

const parts = { requests: benchRequests, inbox: benchInbox }

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    launches: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '48' },
    warmups: { type: 'string', default: '4' },
    slice: { type: 'string', default: '250' }
  }
})
if (values.only !== undefined && !Object.hasOwn(parts, values.only)) {
  throw new Error(`Unknown part "${values.only}". Use --only ${Object.keys(parts).join(' or --only ')}`)
}
const plan = {
  launches: Number(values.launches),
  rounds: Number(values.rounds),
  warmups: Number(values.warmups),
  slice: Number(values.slice)
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
for (const [name, bench] of Object.entries(parts)) {
  if (values.only === undefined || values.only === name) await bench(plan)
}
