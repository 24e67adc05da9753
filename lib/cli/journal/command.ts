import { readCount } from '../parse-options.ts'
import type { DefineCommand } from '../command.ts'
import { withCredentials } from '../credential-options.ts'
import type { JournalOptions } from './run.ts'

const guide = `
It reads lastIncomingMessages and lastOutgoingMessages, which have what GREEN-API has received and sent,
be it notified of or not. Each message has a line, the oldest first: when, in UTC, from (<-) or to (->) whom,
the name of its event, what it says, how far it has come, and its idMessage. Of a tap the menu is named.

With --json it is printed as events, whose "raw" is the record: posted by "send" it reaches your listeners.

Examples:
  $ npx fastify-green-api journal 4915550001234 --id-instance 1101000001 --token d75b3a66...
  $ npx fastify-green-api journal --minutes 60 --id-instance 1101000001 --token d75b3a66... --json

Exits with 0 where there are messages, with 1 where there are none or GREEN-API does not say; with 2 where
it is called wrongly.`

/** The command that shows what GREEN-API's journals have of a chat. */
export const defineJournal: DefineCommand = (program, start) => {
  withCredentials(program.command('journal'))
    .summary("show what GREEN-API's journals have of a chat, as events")
    .description("Shows what GREEN-API's journals have of a chat, as events.")
    .argument('[chat]', 'a telephone number, or a chatId; every chat without it')
    .option('--minutes <number>', 'how far back', readCount, 1440)
    .option('--json', 'print JSON')
    .addHelpText('after', guide)
    .action(async (chat: string | undefined, options: JournalOptions) => {
      const { journal } = await import('./run.ts')
      await start((terminal) => journal(chat, options, terminal))
    })
}
