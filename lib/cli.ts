#!/usr/bin/env node
import { realpathSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { run } from './cli/run.ts'

// The program behind `npx fastify-green-api`: it runs where it is started, not where it is loaded.

const [, started = ''] = process.argv
if (isThisFile(started)) process.exitCode = await start()

async function start (): Promise<number> {
  const over = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { over.abort() })
  // Whoever read the output has seen enough, as `head` has.
  process.stdout.on('error', () => { process.exit() })
  return await run(process.argv.slice(2), { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, signal: over.signal })
}

// It is started through a link that npm makes.
function isThisFile (path: string): boolean {
  try {
    return realpathSync(path) === fileURLToPath(import.meta.url)
  } catch {
    return false
  }
}
