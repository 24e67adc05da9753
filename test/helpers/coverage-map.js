import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

// The page runs in a browser, which does not count.
const page = /^dev[\\/]page/

// Tests that need Redis are skipped without redis-server.
const redis = spawnSync('redis-server', ['--version']).error === undefined

const lib = readdirSync('lib', { recursive: true })
  .filter((file) => file.endsWith('.ts') && !page.test(file) && (redis || !file.startsWith('inbox/bullmq')))
  .map((file) => `lib/${file}`)

/** Every test counts for all of `lib` and for no other file. */
export default function coverageMap () {
  return lib
}
