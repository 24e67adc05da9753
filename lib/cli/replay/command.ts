import { Option } from 'commander'
import { readAmount, readCount, readId, readSeconds, readToken, readUrl } from '../parse-options.ts'
import type { DefineCommand } from '../command.ts'
import type { ReplayOptions } from './run.ts'

const guide = `
Each line of the file is the JSON of an event's raw, as examples/recorder.ts writes it. It is posted as it
is; of a line that is a JSON string, the text that it holds, which was no JSON when it came. Empty lines
are passed over. Ids and times are those of the recording: a server that has received it already drops it.

Examples:
  $ npx fastify-green-api replay recorded.ndjson --to http://127.0.0.1:3000/green-api --token secret
  $ npx fastify-green-api replay recorded.ndjson --to http://127.0.0.1:3000/green-api --rate 50
  $ npx fastify-green-api replay recorded.ndjson --to http://127.0.0.1:3000/green-api --attempts 1440 --json

Exits with 0 where every one is answered 200, else with 1; with 2 where it is called wrongly.`

/** The command that posts what was recorded. */
export const defineReplay: DefineCommand = (program, start) => {
  program.command('replay')
    .summary('post recorded notifications again')
    .description('Posts recorded notifications again, one at a time and in order, as GREEN-API does.')
    .argument('<file.ndjson>', 'the recording')
    .requiredOption('--to <url>', 'where to post them', readUrl)
    .addOption(new Option('--token <webhookUrlToken>', 'what they carry in the Authorization header; one with a scheme, such as "Basic ...", is sent as it is').env('GREEN_API_WEBHOOK_TOKEN').argParser(readToken))
    .option('--id-instance <number>', 'post those of this instance alone', readId)
    .option('--rate <number>', 'how many a second at most; default: as fast as they are answered', readAmount)
    .option('--attempts <number>', 'how often one is posted that is not answered 200', readCount, 1)
    .option('--retry-delay <seconds>', 'the pause between two attempts', readSeconds, 60)
    .option('--json', 'print JSON')
    .addHelpText('after', guide)
    .action(async (file: string, options: ReplayOptions) => {
      const { replay } = await import('./run.ts')
      await start((terminal) => replay(file, options, terminal))
    })
}
