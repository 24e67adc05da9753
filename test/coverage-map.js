import { readdirSync } from 'node:fs'

const lib = readdirSync('lib', { recursive: true }).filter((file) => file.endsWith('.ts')).map((file) => `lib/${file}`)

/** Every test counts for all of `lib`, and for nothing else. */
export default function coverageMap () {
  return lib
}
