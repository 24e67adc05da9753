/**
 * Runs the test files of the given folders and files, by default all outside `test/slow`. `--without` excludes a folder
 * or a file. `npx tap` adds a loader for coverage, which takes half a second for each file; this program does not.
 */
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { t } from 'tap'
import Reporter from './reporter.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { without: { type: 'string', multiple: true, default: [] } }
})
const flags = ['--import=./test/helpers/from-source.js']
const env = { ...process.env, NODE_COMPILE_CACHE: resolve('node_modules/.cache/node'), TAP_TIMEOUT: '300' }

const isIn = (file, place) => file === place || file.startsWith(`${place}/`)
const files = globSync('test/**/*.test.ts').map((file) => file.replaceAll('\\', '/')).sort().filter((file) => {
  if (values.without.some((place) => isIn(file, place))) return false
  return positionals.length === 0 ? !isIn(file, 'test/slow') : positionals.some((place) => isIn(file, place))
})

// The longest files start first, so that no long file runs alone at the end.
const longest = [
  'docs/docs', 'package/package', 'dev/page', 'inbox/bullmq/inbox', 'polling/polling',
  'inbox/sqlite/inbox', 'inbox/sqlite/crash', 'http/body-parser', 'recognition/fuzz', 'builders/builders'
].map((name) => `test/${name}.test.ts`)
const ordered = [...longest.filter((file) => files.includes(file)), ...files.filter((file) => !longest.includes(file))]

t.pipe(new Reporter()).pipe(process.stdout)
t.setTimeout(0)
// Most tests wait more than they compute, so that more processes than cores are faster.
t.jobs = 4
t.plan(files.length)
// tap sets the exit code only with its own reporters.
process.exitCode = 1
t.on('end', () => { if (t.passing()) process.exitCode = 0 })
for (const file of ordered) t.spawn(process.execPath, [...flags, file], { name: file, buffered: true, timeout: 300_000, env, at: null, stack: '' })
