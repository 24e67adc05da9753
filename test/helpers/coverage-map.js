import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

// What needs Redis is tested where there is one.
const redis = spawnSync('redis-server', ['--version']).error === undefined

const lib = readdirSync('lib', { recursive: true })
  .filter((file) => file.endsWith('.ts') && (redis || !file.startsWith('inbox/bullmq')))
  .map((file) => `lib/${file}`)

/** Every test counts for all of `lib`, and for nothing else. */
export default function coverageMap () {
  return lib
}
