import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { nodeFlags } from './node-flags.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))

// The developer's environment may contain real credentials, and coverage is slow.
const {
  NODE_V8_COVERAGE, NODE_OPTIONS, GREEN_API_WEBHOOK_TOKEN, GREEN_API_ID_INSTANCE, GREEN_API_TOKEN_INSTANCE,
  GREEN_API_URL, ...env
} = process.env

export { env }

/** Starts an example on a free port. */
export function startExample (t: Test, settings: Record<string, string> = {}, name = 'server') {
  const example = spawn(process.execPath, [...nodeFlags, `examples/${name}.ts`], {
    cwd: root,
    env: { ...env, PORT: '0', HOST: '127.0.0.1', ...settings }
  })
  t.teardown(() => { example.kill('SIGKILL') })
  let output = ''
  example.stdout.on('data', (chunk) => { output += chunk })
  example.stderr.on('data', (chunk) => { output += chunk })
  return {
    async printed (text: string): Promise<string> {
      while (!output.includes(text)) {
        if (example.exitCode !== null) throw new Error(output)
        await Promise.race([once(example.stdout, 'data'), once(example, 'exit')])
      }
      return output
    },
    async end (): Promise<number | null> {
      example.kill('SIGTERM')
      if (example.exitCode === null) await once(example, 'exit')
      return example.exitCode
    }
  }
}
