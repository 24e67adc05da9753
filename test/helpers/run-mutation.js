/** `npm run mutation`, or `npm run mutation body http`: tries small changes in rooms of `lib`, and counts those that no test notices. */
import { spawnSync } from 'node:child_process'

const [, , ...chosen] = process.argv
const rooms = chosen.length > 0 ? chosen : ['body', 'dedup', 'http', 'delivery', 'recognition']
const failed = rooms.filter((room) => {
  const { status } = spawnSync(process.execPath, ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run'], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_ROOM: room }
  })
  return status !== 0
})
if (failed.length > 0) {
  console.error(`too few changes are noticed in: ${failed.join(', ')}`)
  process.exitCode = 1
}
