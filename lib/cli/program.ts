import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { InvalidOptionError } from '../errors.ts'
import { exitCode, UsageError, type CommandHandler } from './command.ts'
import { defineDoctor } from './doctor/command.ts'
import { defineEmulate } from './emulate/command.ts'
import { defineInbox } from './inbox/command.ts'
import { defineJournal } from './journal/command.ts'
import { defineReplay } from './replay/command.ts'
import { defineSend } from './send/command.ts'
import { paint, print, type Terminal } from './terminal.ts'

const helpText = `
Exit codes:
  0  success
  1  failure: a notification was not answered 200, the doctor found a problem, the journal is empty, or the inbox has
     no such dead letter
  2  usage error

Examples:
  $ npx fastify-green-api emulate --webhook-url http://127.0.0.1:3000/green-api --webhook-url-token secret
  $ npx fastify-green-api send buttonReply --to http://127.0.0.1:3000/green-api --token secret
  $ npx fastify-green-api <command> --help`

/** Runs the program with its arguments (without `node` and the script). Resolves with the exit code. */
export async function run (args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCode.ok
  const program = createProgram(terminal, async (handler) => { code = await handler(terminal) })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    // Commander has already printed the error, the help or the version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
    if (!(error instanceof UsageError || error instanceof InvalidOptionError)) throw error
    print(terminal.stderr, paint(terminal.stderr, 'red', `error: ${error.message}`))
    return exitCode.usage
  }
}

function createProgram (
  { stdout, stderr }: Terminal, start: (handler: CommandHandler) => Promise<void>
): Command {
  const program = new Command('fastify-green-api')
    .description('Simulates and diagnoses GREEN-API from your terminal.')
    .version(readVersion(), '-V, --version', 'show version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => { stdout.write(text) },
      writeErr: (text) => { stderr.write(text) },
      outputError: (text, write) => { write(paint(stderr, 'red', text)) }
    })
    .showHelpAfterError('Run with --help for usage.')
    .addHelpText('after', helpText)
  const commands = [defineEmulate, defineSend, defineReplay, defineDoctor, defineJournal, defineInbox]
  for (const define of commands) define(program, start)
  for (const command of program.commands) checkRequiredOptionsLast(command)
  return program
}

/** Reports an unknown option before a missing one: it may be the missing one with a typo. */
function checkRequiredOptionsLast (command: Command): void {
  const required = command.options.filter(({ mandatory }) => mandatory)
  for (const option of required) option.mandatory = false
  command.hook('preAction', () => {
    const missing = required.find((option) => command.getOptionValue(option.attributeName()) === undefined)
    if (missing !== undefined) command.error(`error: required option '${missing.flags}' not specified`)
  })
}

/** Reads the version of this package. */
function readVersion (): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  )
  return version
}
