import { UsageError, type DefineCommand } from '../command.ts'
import { addCredentialOptions } from '../credential-options.ts'
import { parsePositiveInteger, parseUrl } from '../parse-options.ts'
import type { DoctorOptions } from './run.ts'

const helpText = `
The doctor reads getSettings and getStateInstance. It changes neither the settings nor the queue.

It also posts a test notification (typeWebhook "doctor") to the webhookUrl: with the webhookUrlToken,
without a token, and with a wrong token. Your server emits the first one as "unrecognized" and answers 401
to the others. The test notification comes from this machine, so a firewall may treat it differently from
GREEN-API's. Use --no-probe to skip it.

With --losses the doctor compares GREEN-API's journals with what your server received. It posts nothing.
  --inbox <path>   lists each missing message. Stop the server first: only one process can use the file
  --metrics <url>  compares only the numbers of messages since the server started
It leaves out messages of the last 3 minutes, and those whose notifications a setting turns off.

Levels: a problem keeps notifications from arriving, a warning deserves a look, a note is information.
Tokens are never printed.

Examples:
  $ npx fastify-green-api doctor --id-instance 1101000001 --api-token d75b3a66...
  $ npx fastify-green-api doctor --env-file .env --events buttonReply,outgoingMessageStatus
  $ npx fastify-green-api doctor --env-file .env --api-url http://127.0.0.1:8080 --poll
  $ npx fastify-green-api doctor --env-file .env --losses --inbox ./inbox.db

Exits with 0 if there is no problem, 1 if there is one, 2 on a usage error.`

export const defineDoctor: DefineCommand = (program, start) => {
  addCredentialOptions(program.command('doctor'))
    .summary('find out why notifications do not arrive')
    .description('Finds out why the notifications of an instance do not arrive, and how to fix it.')
    .option(
      '--events <names>',
      'events that you listen to, separated by commas: a disabled setting is a problem only if one of them needs it'
    )
    .option('--poll', 'you receive notifications by polling, not by webhook')
    .option('--no-probe', 'do not post a test notification to the webhookUrl')
    .option('--losses', "look for messages in GREEN-API's journals that did not arrive")
    .option('--inbox <path>', 'for --losses: the file of sqliteInbox, while the server is stopped')
    .option('--metrics <url>', 'for --losses: the URL of the metrics of the server', parseUrl)
    .option('--minutes <number>', 'for --losses: how many minutes to look back', parsePositiveInteger, 1440)
    .option('--json', 'print JSON')
    .addHelpText('after', helpText)
    .action(async (options: DoctorOptions) => {
      const { losses = false, inbox, metrics } = options
      const hasSource = inbox !== undefined || metrics !== undefined
      if (losses && !hasSource) throw new UsageError('--losses needs --inbox <path> or --metrics <url>')
      if (!losses && hasSource) throw new UsageError('--inbox and --metrics need --losses')
      const { doctor } = await import('./run.ts')
      await start((terminal) => doctor(options, terminal))
    })
}
