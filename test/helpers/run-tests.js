/**
 * Runs test files: all that are not slow, or those in the folders and files of the command line, without those that
 * come after `--without`. Starts them as tap's own command does, but without its loader, which `npx tap` needs to
 * count coverage: that takes half a second more for each file.
 */
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { t } from 'tap'
import Reporter from './reporter.js'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { without: { type: 'string', multiple: true, default: [] } } })
const flags = ['--import=./test/helpers/from-source.js']
const env = { ...process.env, NODE_COMPILE_CACHE: resolve('node_modules/.cache/node'), TAP_TIMEOUT: '300' }

const isIn = (file, place) => file === place || file.startsWith(`${place}/`)
const files = globSync('test/**/*.test.ts').map((file) => file.replaceAll('\\', '/')).sort().filter((file) => {
  if (values.without.some((place) => isIn(file, place))) return false
  return positionals.length === 0 ? !isIn(file, 'test/slow') : positionals.some((place) => isIn(file, place))
})

// The longest files start first, so that no long file runs alone at the end.
const longest = [
  'docs/docs', 'package/package', 'examples/board-page', 'inbox/bullmq/inbox', 'polling/polling', 'inbox/lmdb/inbox',
  'inbox/lmdb/dispatcher', 'inbox/lmdb/crash', 'http/openapi', 'http/body-parser', 'recognition/fuzz',
  'emulator/delivery', 'builders/builders'
].map((name) => `test/${name}.test.ts`)
const ordered = [...longest.filter((file) => files.includes(file)), ...files.filter((file) => !longest.includes(file))]

t.pipe(new Reporter()).pipe(process.stdout)
t.setTimeout(0)
// Most wait more than they work.
t.jobs = 4
t.plan(files.length)
for (const file of ordered) t.spawn(process.execPath, [...flags, file], { name: file, buffered: true, timeout: 300_000, env, at: null, stack: '' })
