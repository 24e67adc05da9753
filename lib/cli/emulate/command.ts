import { readAmount, readApiToken, readId, readPort, readRate, readToken, readUrl } from '../parse-options.ts'
import type { DefineCommand } from '../command.ts'
import type { EmulateOptions } from './run.ts'

const guide = `
You are the customer: type help for what you can do, or pipe such lines in.
Settings that --webhook-url and the like do not reach are changed as ever, by the API's method setSettings.

Examples:
  $ npx fastify-green-api emulate
  $ npx fastify-green-api emulate --webhook-url http://127.0.0.1:3000/green-api --webhook-url-token secret
  $ npx fastify-green-api emulate --certificate emulator.pem
  $ npx fastify-green-api emulate --speed 60 --duplicates 0.2 --malformed 0.1 --seed 1 --json

It runs until Ctrl+C, quit or SIGTERM, and exits with 0; with 1 where it cannot listen, 2 where it is called wrongly.`

/** The command that stands in for GREEN-API. */
export const defineEmulate: DefineCommand = (program, start) => {
  program.command('emulate')
    .summary('stand in for GREEN-API on this machine')
    .description('Stands in for GREEN-API on this machine: its API, and an instance that posts notifications, or hands them out, as the real ones do. Prints what becomes of each.')
    .option('--port <port>', 'where the API listens', readPort, 8080)
    .option('--host <host>', 'on which address', '127.0.0.1')
    .option('--id-instance <number>', 'the instance', readId, '1101000001')
    .option('--token <apiTokenInstance>', 'what its API is called with', readApiToken, 'emulated-token')
    .option('--webhook-url <url>', 'where it posts notifications; without, they are to be asked for', readUrl)
    .option('--webhook-url-token <token>', 'what they carry in the Authorization header', readToken, '')
    .option('--certificate <file>', "be a proxy too, for programs that know GREEN-API's address alone and heed HTTPS_PROXY, as Node's fetch does not; writes what they have to trust (needs the package selfsigned)")
    .option('--speed <times>', 'how fast its time passes: with 60, a minute takes a second', readAmount, 1)
    .option('--seed <text>', 'makes ids and faults the same each time')
    .option('--duplicates <rate>', 'the part of notifications that come twice, 0 to 1', readRate)
    .option('--changed-duplicates <rate>', 'that come again under the same id, changed', readRate)
    .option('--malformed <rate>', 'that are preceded by a copy that is no JSON', readRate)
    .option('--unknown-types <rate>', 'that are preceded by a copy of an unknown type', readRate)
    .option('--reordered-statuses <rate>', 'the part of statuses that are overtaken by those that follow', readRate)
    .option('--json', 'print JSON, an object a line')
    .addHelpText('after', guide)
    .action(async (options: EmulateOptions) => {
      const { emulate } = await import('./run.ts')
      await start((terminal) => emulate(options, terminal))
    })
}
