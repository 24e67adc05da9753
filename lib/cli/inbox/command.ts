import { Argument } from 'commander'
import { UsageError, type DefineCommand } from '../command.ts'
import { parsePositiveInteger } from '../parse-options.ts'
import { actions, type Action } from './actions.ts'
import type { InboxOptions } from './run.ts'

const helpText = `
Stop the server first: only one process at a time can use the file. The actions are:
  list           show the notifications that are not delivered yet, the oldest first
  failed         show the dead letters, the oldest first
  retry <key>    let the server deliver a dead letter again after its next start
  discard <key>  delete a dead letter
  check          check the file and the body of each notification

The key is the id of the event, as list and failed show it. With --json, list and failed also print the bodies.

Examples:
  $ npx fastify-green-api inbox ./inbox.db failed
  $ npx fastify-green-api inbox ./inbox.db retry 1101000001:incoming:F7AEC1B7086ECDC7

Exits with 0 if it succeeded, 1 if the file is missing, in use or damaged, or has no dead letter with the key, 2 on a
usage error.`

export const defineInbox: DefineCommand = (program, start) => {
  program.command('inbox')
    .summary('show and change the inbox of a stopped server')
    .description('Shows and changes the notifications in the file of sqliteInbox, while the server is stopped.')
    .argument('<path>', 'the file, as in the option path of sqliteInbox')
    .addArgument(new Argument('[action]', 'what to do').choices(Object.keys(actions)).default('list'))
    .argument('[key]', 'key of a dead letter, for retry and discard')
    .option('--limit <number>', 'how many notifications to show', parsePositiveInteger, 100)
    .option('--json', 'print JSON')
    .addHelpText('after', helpText)
    .action(async (path: string, action: Action, key: string | undefined, options: InboxOptions) => {
      const needsKey = actions[action]
      if (needsKey && key === undefined) throw new UsageError(`${action} needs a key. Run failed to see the keys`)
      if (!needsKey && key !== undefined) throw new UsageError(`${action} takes no key`)
      const { inbox } = await import('./run.ts')
      await start((terminal) => inbox(path, action, key ?? '', options, terminal))
    })
}
