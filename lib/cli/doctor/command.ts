import type { DefineCommand } from '../command.ts'
import { withCredentials } from '../credential-options.ts'
import type { DoctorOptions } from './run.ts'

const guide = `
It reads getSettings and getStateInstance, and changes nothing at GREEN-API: neither settings nor the queue.

Unless --no-probe is given it also posts to the webhookUrl, as GREEN-API does but from this machine, which
a firewall may treat otherwise: a body of the typeWebhook "doctor" with the webhookUrlToken, then without
it, and with a wrong one. The receiver sees the first as one event: the plugin emits unrecognized.

A problem keeps notifications from arriving, a warning deserves a look, a note is for your information.
No token is ever printed.

Examples:
  $ npx fastify-green-api doctor --id-instance 1101000001 --token d75b3a66...
  $ GREEN_API_TOKEN_INSTANCE=d75b3a66... npx fastify-green-api doctor --id-instance 1101000001 --events buttonReply,outgoingMessageStatus
  $ npx fastify-green-api doctor --id-instance 1101000001 --token emulated-token --api-url http://127.0.0.1:8080 --poll

Exits with 0 where there is no problem, else with 1; with 2 where it is called wrongly.`

/** The command that finds out why notifications do not arrive. */
export const defineDoctor: DefineCommand = (program, start) => {
  withCredentials(program.command('doctor'))
    .summary("find out why an instance's notifications don't arrive")
    .description("Finds out why an instance's notifications don't arrive, and says what to do.")
    .option('--events <names>', 'the events that you listen to, with commas: what they need is a problem where it is missing, and the rest is only noted')
    .option('--poll', 'you ask for notifications, as with the option poll, rather than have them posted')
    .option('--no-probe', 'post nothing to the webhookUrl')
    .option('--json', 'print JSON')
    .addHelpText('after', guide)
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./run.ts')
      await start((terminal) => doctor(options, terminal))
    })
}
