import { Option } from 'commander'
import { devices } from '../../builders/ids.ts'
import { readId, readObject, readToken, readUrl } from '../parse-options.ts'
import type { DefineCommand } from '../command.ts'
import type { SendOptions } from './run.ts'

const guide = `
A notification is the name of an event, such as interactiveButtons, buttonReply or outgoingMessageStatus,
which is then built, or the path of a JSON file: a body, one in the queue envelope, a list of either; a
JSON string is posted as the text that it holds. Several are posted one after the other.

Examples:
  $ npx fastify-green-api send interactiveButtons --to http://127.0.0.1:3000/green-api --token secret
  $ npx fastify-green-api send buttonReply --data '{"buttonId":"yes","stanzaId":"BAE5..."}' --device ios --to http://127.0.0.1:3000/green-api
  $ npx fastify-green-api send textMessage --data '{"text":"Hello"}' --around '{"sentBy":"phone"}' --to http://127.0.0.1:3000/green-api
  $ npx fastify-green-api send recorded/menu.json --to http://127.0.0.1:3000/green-api --json

Exits with 0 where every one is answered 200, else with 1; with 2 where it is called wrongly.`

/** The command that posts a notification. */
export const defineSend: DefineCommand = (program, start) => {
  program.command('send')
    .summary('post a notification, as GREEN-API does')
    .description('Posts notifications as GREEN-API does, and says what it would do about the answer.')
    .argument('<notification...>', 'the name of an event, or the path of a JSON file')
    .requiredOption('--to <url>', 'where to post it', readUrl)
    .addOption(new Option('--token <webhookUrlToken>', 'what it carries in the Authorization header; one with a scheme, such as "Basic ...", is sent as it is').env('GREEN_API_WEBHOOK_TOKEN').argParser(readToken))
    .option('--data <json>', 'what a built notification says, in the words of event.data', readObject)
    .option('--around <json>', 'what surrounds it, in the words of the event', readObject)
    .option('--chat-id <chatId>', 'the chat of a built notification')
    .option('--id-instance <number>', 'the instance of a built notification', readId)
    .addOption(new Option('--device <device>', 'on what a buttonReply is tapped').choices(devices))
    .option('--json', 'print JSON')
    .addHelpText('after', guide)
    .action(async (notifications: string[], options: SendOptions) => {
      const { send } = await import('./run.ts')
      await start((terminal) => send(notifications, options, terminal))
    })
}
