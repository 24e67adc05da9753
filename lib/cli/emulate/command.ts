import { Option } from 'commander'
import type { DefineCommand } from '../command.ts'
import { apiTokenOption, idInstanceOption } from '../credential-options.ts'
import {
  parseApiToken, parseIdInstance, parsePort, parsePositiveNumber, parseRate, parseUrl
} from '../parse-options.ts'
import { webhookTokenOption } from '../webhook-options.ts'
import type { EmulateOptions } from './run.ts'

const helpText = `
While it runs you act as the customer: type commands, or pipe them in. Type help for the list.
To change other settings of the instance, call the API method setSettings.

Examples:
  $ npx fastify-green-api emulate
  $ npx fastify-green-api emulate --webhook-url http://127.0.0.1:3000/green-api --webhook-token secret
  $ npx fastify-green-api emulate --webhook-url http://127.0.0.1:3000/green-api --show conversation
  $ npx fastify-green-api emulate --certificate emulator.pem
  $ npx fastify-green-api emulate --speed 60 --duplicates 0.2 --malformed 0.1 --seed 1 --json

Runs until Ctrl+C, quit or SIGTERM, then exits with 0. Exits with 1 if it cannot start, 2 on a usage error.`

export const defineEmulate: DefineCommand = (program, start) => {
  program.command('emulate')
    .summary('run a GREEN-API emulator on this machine')
    .description('Runs an emulator of GREEN-API: its API, and one instance that sends notifications to your ' +
      'webhook or keeps them for polling. Prints the conversation and a line for each notification.')
    .option('--port <port>', 'port of the API', parsePort, 8080)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .addOption(idInstanceOption('id of the instance').argParser(parseIdInstance).default('1101000001'))
    .addOption(apiTokenOption('API token of the instance').argParser(parseApiToken).default('emulated-token'))
    .option('--webhook-url <url>', 'send notifications to this URL; without it, poll for them', parseUrl)
    .addOption(webhookTokenOption())
    .option(
      '--certificate <file>',
      'also run an HTTPS proxy, for clients with a hard-coded API address that respect HTTPS_PROXY (axios does, ' +
        "Node's fetch does not), and write its certificate to this file; requires the package selfsigned"
    )
    .option('--speed <factor>', 'speed of the clock: with 60, a minute takes a second', parsePositiveNumber, 1)
    .option('--seed <text>', 'make ids and faults reproducible')
    .option('--duplicates <rate>', 'rate of notifications that are sent twice, 0 to 1', parseRate)
    .option('--changed-duplicates <rate>', 'rate of notifications that are sent again, changed, 0 to 1', parseRate)
    .option('--malformed <rate>', 'rate of extra notifications that are not JSON, 0 to 1', parseRate)
    .option('--unknown-types <rate>', 'rate of extra notifications of an unknown type, 0 to 1', parseRate)
    .option('--reordered-statuses <rate>', 'rate of statuses that arrive in the wrong order, 0 to 1', parseRate)
    .option('--lost <rate>', 'rate of notifications that are never sent, 0 to 1', parseRate)
    .option('--late <rate>', 'rate of notifications that are sent up to ten minutes later, 0 to 1', parseRate)
    .addOption(new Option('--show <what>', 'what to print: the conversation, a line for each notification, or both')
      .choices(['conversation', 'log', 'both']).default('both').conflicts('json'))
    .option('--json', 'print JSON, one object per line')
    .addHelpText('after', helpText)
    .action(async (options: EmulateOptions) => {
      const { emulate } = await import('./run.ts')
      await start((terminal) => emulate(options, terminal))
    })
}
