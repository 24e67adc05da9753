import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** How a command runs: what it is told on the command line, and where it reads and writes. Resolves with the exit code. */
export type CommandHandler = (terminal: Terminal) => Promise<number>

/** Adds a command to the program. What it does is loaded when it runs, and given to `start`. */
export type DefineCommand = (program: Command, start: (work: CommandHandler) => Promise<void>) => void

/** The codes with which the program exits. */
export const exitCode = { ok: 0, failed: 1, misused: 2 } as const

/** A command was called with invalid arguments. The message says what is wrong, then the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
