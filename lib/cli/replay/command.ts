import type { DefineCommand } from '../command.ts'
import { parseIdInstance, parsePositiveInteger, parsePositiveNumber, parseSeconds } from '../parse-options.ts'
import { addWebhookTargetOptions } from '../webhook-options.ts'
import type { ReplayOptions } from './run.ts'

const helpText = `
A recording has one notification per line: the JSON of an event's raw, as examples/recorder.ts writes it.
Each line is sent unchanged. A line that is a JSON string is sent as the text of that string (a body that was
not valid JSON). Empty lines are skipped. Ids and timestamps stay the same, so a server that has already
received a notification ignores it as a duplicate.

Examples:
  $ npx fastify-green-api replay recorded.ndjson --webhook-token secret
  $ npx fastify-green-api replay recorded.ndjson --to http://127.0.0.1:8000/webhook --rate 50
  $ npx fastify-green-api replay recorded.ndjson --attempts 1440 --json

Exits with 0 if every notification was answered 200, 1 if not, 2 on a usage error.`

export const defineReplay: DefineCommand = (program, start) => {
  addWebhookTargetOptions(program.command('replay'))
    .summary('send recorded notifications again')
    .description('Sends recorded notifications to a URL, one at a time and in order, as GREEN-API does.')
    .argument('<file.ndjson>', 'the recording')
    .option('--id-instance <number>', 'send only the notifications of this instance', parseIdInstance)
    .option('--rate <number>', 'maximum notifications per second (default: no limit)', parsePositiveNumber)
    .option('--attempts <number>', 'maximum attempts to get a notification answered 200', parsePositiveInteger, 1)
    .option('--retry-delay <seconds>', 'delay between two attempts', parseSeconds, 60)
    .option('--json', 'print JSON')
    .addHelpText('after', helpText)
    .action(async (file: string, options: ReplayOptions) => {
      const { replay } = await import('./run.ts')
      await start((terminal) => replay(file, options, terminal))
    })
}
