import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** Runs a command. Resolves with the exit code. */
export type CommandHandler = (terminal: Terminal) => Promise<number>

/** Adds a command to the program. Its action loads the command's code and passes the handler to `start`. */
export type DefineCommand = (program: Command, start: (handler: CommandHandler) => Promise<void>) => void

/** The exit codes of the program. */
export const exitCode = { ok: 0, failed: 1, usage: 2 } as const

/** A command was called with invalid arguments. The message says what is wrong, then the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
