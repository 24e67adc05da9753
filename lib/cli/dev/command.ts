import { Option } from 'commander'
import type { DefineCommand } from '../command.ts'
import { parseApiToken, parseIdInstance, parsePort, parseToken, parseUrl } from '../parse-options.ts'
import { apiTokenOption } from '../credential-options.ts'
import { webhookTokenOption } from '../webhook-options.ts'
import type { DevCommandOptions } from './run.ts'

const helpText = `
The page shows a WhatsApp conversation, the typed event that your listener receives, and what your server answered.
Without --to it runs an example shop. If your server is not running yet, notifications wait until it is.
With --id-instance it polls a real account, and forwards its notifications to your server.

Examples:
  $ npx fastify-green-api dev
  $ npx fastify-green-api dev --to http://127.0.0.1:3000/green-api --webhook-token secret
  $ GREEN_API_TOKEN_INSTANCE=... npx fastify-green-api dev --id-instance 1101000001

Runs until Ctrl+C or SIGTERM, then exits with 0. Exits with 1 if it cannot start, 2 on a usage error.`

export const defineDev: DefineCommand = (program, start) => {
  program.command('dev')
    .summary('try your server on a page, without an account')
    .description('Runs an emulator of GREEN-API and a page on this machine, and posts notifications to your server.')
    .option('--to <url>', 'webhook URL of your server; without it, an example shop', parseUrl)
    .addOption(webhookTokenOption())
    .addOption(new Option('--token <webhookUrlToken>', 'short for --webhook-token').argParser(parseToken).hideHelp())
    .option('--id-instance <number>', 'use this instance of a real account instead of the emulator', parseIdInstance)
    .addOption(apiTokenOption('API token of that instance').argParser(parseApiToken))
    .option('--api-url <url>', 'API URL of that instance', 'https://api.green-api.com')
    .option('--port <port>', 'port of the page and the emulated API; 0 for any free port', parsePort, 0)
    .addHelpText('after', helpText)
    .action(async (options: DevCommandOptions) => {
      const { dev } = await import('./run.ts')
      await start((terminal) => dev(options, terminal))
    })
}
