/**
 * `npm run mutation` changes the code of rooms in `lib`, and counts the changes that no test detects.
 * `npm run mutation body http` changes only these rooms.
 */
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
  console.error(`the tests detect too few changes in: ${failed.join(', ')}`)
  process.exitCode = 1
}
