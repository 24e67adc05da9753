import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Collects garbage, without a flag of Node. */
export function collectGarbage (): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}
