import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from './statistics.ts'

const turns = 5
const root = fileURLToPath(new URL('../..', import.meta.url))
const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
const options = [
  '--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext',
  '--types', 'node'
]

/** Measures the additional time, in seconds, to compile a program with listeners of five events. */
export function measureCompiling (): number {
  const alone: number[] = []
  const listening: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    alone.push(timeCompiler('alone'))
    listening.push(timeCompiler('listening'))
  }
  return median(listening) - median(alone)
}

function timeCompiler (program: string): number {
  const begin = performance.now()
  const file = `test/helpers/fixtures/programs/${program}.ts`
  execFileSync(process.execPath, [compiler, ...options, file], { cwd: root, stdio: 'inherit' })
  return (performance.now() - begin) / 1000
}
