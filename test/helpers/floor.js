/**
 * `npm run test:floor` runs the core's tests with the Node that runs npm. Every other script uses the Node of
 * node_modules, which is newer than the oldest Node that the package supports.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const core = [
  'body', 'dedup', 'delivery', 'http', 'polling', 'recognition',
  'inbox/control.test.ts', 'inbox/sqlite/node-version.test.ts', 'inbox/conformance', 'options.test.ts', 'plugin.test.ts'
].map((path) => `test/${path}`)

const root = fileURLToPath(new URL('../..', import.meta.url))
const node = process.env.npm_node_execpath ?? process.execPath

console.log(`Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}`)
const { status } = spawnSync(node, ['node_modules/tap/dist/esm/run.mjs', ...core], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
