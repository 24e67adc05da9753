import { Option } from 'commander'
import { devices } from '../../schemas/devices.ts'
import type { DefineCommand } from '../command.ts'
import { parseIdInstance, parseJsonObject } from '../parse-options.ts'
import { addWebhookTargetOptions } from '../webhook-options.ts'
import type { SendOptions } from './run.ts'

const helpText = `
A notification is either the name of an event, such as interactiveButtons, buttonReply or
outgoingMessageStatus, or the path of a JSON file. An event is built with default values, which --data and
--around override. A file has a body, a body in the queue envelope, or a list of these; a JSON string is sent
as the text of that string. Several notifications are sent one after the other.

Examples:
  $ npx fastify-green-api send interactiveButtons --webhook-token secret
  $ npx fastify-green-api send buttonReply --data '{"buttonId":"yes","stanzaId":"BAE5..."}' --device ios
  $ npx fastify-green-api send textMessage --data '{"text":"Hello"}' --around '{"sentBy":"phone"}'
  $ npx fastify-green-api send recorded/menu.json --to http://127.0.0.1:8000/webhook --json

Exits with 0 if every notification was answered 200, 1 if not, 2 on a usage error.`

export const defineSend: DefineCommand = (program, start) => {
  addWebhookTargetOptions(program.command('send'))
    .summary('send a notification, as GREEN-API does')
    .description('Sends notifications to a URL as GREEN-API does, and explains the answers.')
    .argument('<notification...>', 'name of an event, or path of a JSON file')
    .option('--data <json>', "fields of the event's data", parseJsonObject)
    .option('--around <json>', 'other fields of the event, such as idMessage or sentBy', parseJsonObject)
    .option('--chat-id <chatId>', 'chatId of the event')
    .option('--id-instance <number>', 'instance of the event', parseIdInstance)
    .addOption(new Option('--device <device>', 'device on which a buttonReply is tapped').choices(devices))
    .option('--json', 'print JSON')
    .addHelpText('after', helpText)
    .action(async (notifications: string[], options: SendOptions) => {
      const { send } = await import('./run.ts')
      await start((terminal) => send(notifications, options, terminal))
    })
}
