import { parsePositiveInteger } from '../parse-options.ts'
import type { DefineCommand } from '../command.ts'
import { addCredentialOptions } from '../credential-options.ts'
import type { JournalOptions } from './run.ts'

const helpText = `
The journal is what GREEN-API has stored (lastIncomingMessages, lastOutgoingMessages, lastIncomingCalls and
lastOutgoingCalls), whether or not a notification was sent for it. Each line is a message or a call, the oldest
first: time in UTC, direction (<- received, -> sent), chat, event name, text, status, idMessage. A tapped button
is followed by the menu it belongs to.

A number without its country code (01555 0001234) is looked up in every country.

A journal that GREEN-API refuses is left out, with a warning.

With --json the messages are printed as events. To send a message to your listeners again, save its "raw"
in a file and run "send" with that file.

Examples:
  $ npx fastify-green-api journal +49 1555 0001234 --id-instance 1101000001 --api-token d75b3a66...
  $ npx fastify-green-api journal --minutes 60 --id-instance 1101000001 --api-token d75b3a66... --json

Exits with 0 if there are messages, 1 if there are none or GREEN-API fails, 2 on a usage error.`

export const defineJournal: DefineCommand = (program, start) => {
  addCredentialOptions(program.command('journal'))
    .summary("show a chat's messages and calls as GREEN-API has stored them")
    .description('Shows the messages and calls that GREEN-API has stored, of one chat or all, as events.')
    .argument('[chat...]', 'phone number in any notation, with or without quotes, or chatId (default: all chats)')
    .option('--minutes <number>', 'how many minutes to look back', parsePositiveInteger, 1440)
    .option('--json', 'print JSON')
    .addHelpText('after', helpText)
    .action(async (words: string[], options: JournalOptions) => {
      const chat = words.length === 0 ? undefined : words.join(' ')
      const { journal } = await import('./run.ts')
      await start((terminal) => journal(chat, options, terminal))
    })
}
