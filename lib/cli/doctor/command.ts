import type { DefineCommand } from '../command.ts'
import { addCredentialOptions } from '../credential-options.ts'
import type { DoctorOptions } from './run.ts'

const helpText = `
The doctor reads getSettings and getStateInstance. It changes neither the settings nor the queue.

It also posts a test notification (typeWebhook "doctor") to the webhookUrl: with the webhookUrlToken,
without a token, and with a wrong token. Your server emits the first one as "unrecognized" and answers 401
to the others. The test notification comes from this machine, so a firewall may treat it differently from
GREEN-API's. Use --no-probe to skip it.

Levels: a problem keeps notifications from arriving, a warning deserves a look, a note is information.
Tokens are never printed.

Examples:
  $ npx fastify-green-api doctor --id-instance 1101000001 --api-token d75b3a66...
  $ npx fastify-green-api doctor --env-file .env --events buttonReply,outgoingMessageStatus
  $ npx fastify-green-api doctor --env-file .env --api-url http://127.0.0.1:8080 --poll

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
    .option('--json', 'print JSON')
    .addHelpText('after', helpText)
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./run.ts')
      await start((terminal) => doctor(options, terminal))
    })
}
