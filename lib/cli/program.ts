import { readFileSync } from 'node:fs'
import process from 'node:process'
import { Argument, Command, CommanderError, InvalidArgumentError } from 'commander'
import { InvalidOptionError } from '../errors.ts'
import { errorMessage } from '../util/error-message.ts'
import { exitCode, UsageError, type CommandHandler } from './command.ts'
import { defineCompletion } from './completion/command.ts'
import { defineDev } from './dev/command.ts'
import { defineDoctor } from './doctor/command.ts'
import { defineEmulate } from './emulate/command.ts'
import { defineInbox } from './inbox/command.ts'
import { defineJournal } from './journal/command.ts'
import { defineReplay } from './replay/command.ts'
import { defineSend } from './send/command.ts'
import { paint, print, type Terminal } from './terminal.ts'

const helpText = `
Environment variables, also read from the file that --env-file names:
  GREEN_API_ID_INSTANCE, GREEN_API_TOKEN_INSTANCE, GREEN_API_URL  the instance, as --id-instance, --api-token, --api-url
  GREEN_API_WEBHOOK_TOKEN                                         the token of notifications, as --webhook-token
  NO_COLOR                                                        print no colors

Exit codes:
  0  success
  1  failure: a notification was not answered 200, the doctor found a problem, the journal is empty, or the inbox has
     no such dead letter
  2  usage error

Examples:
  $ npx fastify-green-api dev --to http://127.0.0.1:3000/green-api --webhook-token secret
  $ npx fastify-green-api emulate --webhook-url http://127.0.0.1:3000/green-api --webhook-token secret
  $ npx fastify-green-api send buttonReply --webhook-token secret
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
    .option('--env-file <path>', 'file with environment variables, such as .env', loadEnvFile)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => { stdout.write(text) },
      writeErr: (text) => { stderr.write(text) },
      outputError: (text, write) => { write(paint(stderr, 'red', text)) }
    })
    .showHelpAfterError('Run with --help for usage.')
    .addHelpText('after', helpText)
  const definitions = [
    defineDev, defineEmulate, defineSend, defineReplay, defineDoctor, defineJournal, defineInbox, defineCompletion
  ]
  for (const define of definitions) define(program, start)
  addHelpCommand(program)
  for (const command of program.commands) checkRequiredOptionsLast(command)
  return program
}

/** Reports an unknown option before a missing one: it may be the missing one with a typo. */
function checkRequiredOptionsLast (command: Command): void {
  const required = command.options.filter(({ mandatory }) => mandatory)
  for (const option of required) option.mandatory = false
  command.hook('preAction', () => {
    const missing = required.find((option) => command.getOptionValue(option.attributeName()) === undefined)
    if (missing === undefined) return
    const variable = missing.envVar === undefined ? '' : ` (nor ${missing.envVar} in the environment)`
    command.error(`error: required option '${missing.flags}' not specified${variable}`)
  })
}

/** Commander's own help command prints the help of the program for an unknown command. */
function addHelpCommand (program: Command): void {
  const names = program.commands.map((command) => command.name())
  program.command('help')
    .description('show help')
    .addArgument(new Argument('[command]', 'the command to show help of').choices(names))
    .action((name?: string) => {
      const command = program.commands.find((each) => each.name() === name) ?? program
      command.help()
    })
}

/** Sets the variables of a file that the environment lacks. Commander reads the environment after the options. */
function loadEnvFile (path: string): string {
  try {
    process.loadEnvFile(path)
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read (${errorMessage(error)}).`)
  }
  return path
}

/** Reads the version of this package. */
function readVersion (): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  )
  return version
}
