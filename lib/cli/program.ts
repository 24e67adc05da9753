import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { InvalidOptionError } from '../errors.ts'
import { exitCode, UsageError, type CommandHandler } from './command.ts'
import { defineDoctor } from './doctor/command.ts'
import { defineEmulate } from './emulate/command.ts'
import { defineJournal } from './journal/command.ts'
import { defineReplay } from './replay/command.ts'
import { defineSend } from './send/command.ts'
import { paint, print, type Terminal } from './terminal.ts'

const guide = `
Exit codes:
  0  all is well
  1  it is not: a notification was not answered 200, the doctor has found a problem, or the journal nothing
  2  it was called in a way that it cannot be

Examples:
  $ npx fastify-green-api emulate --webhook-url http://127.0.0.1:3000/green-api --webhook-url-token secret
  $ npx fastify-green-api send buttonReply --to http://127.0.0.1:3000/green-api --token secret
  $ npx fastify-green-api <command> --help`

/** Runs the command line with these arguments, those after the program's name. Resolves with the exit code. */
export async function run (args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCode.ok
  const program = makeProgram(terminal, async (work) => { code = await work(terminal) })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    // It has said already what is wrong, or what was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.misused
    if (!(error instanceof UsageError || error instanceof InvalidOptionError)) throw error
    print(terminal.stderr, paint(terminal.stderr, 'red', `error: ${error.message}`))
    return exitCode.misused
  }
}

function makeProgram ({ stdout, stderr }: Terminal, start: (work: CommandHandler) => Promise<void>): Command {
  const program = new Command('fastify-green-api')
    .description("Stands in for GREEN-API, sends what it sends, and finds out why notifications don't arrive.")
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print what there is')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => { stdout.write(text) },
      writeErr: (text) => { stderr.write(text) },
      outputError: (text, write) => { write(paint(stderr, 'red', text)) }
    })
    .showHelpAfterError('Run it with --help for what there is.')
    .addHelpText('after', guide)
  for (const define of [defineEmulate, defineSend, defineReplay, defineDoctor, defineJournal]) define(program, start)
  return program
}

/** Reads the version of this package. */
export function readVersion (): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  )
  return version
}
