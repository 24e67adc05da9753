import { existsSync } from 'node:fs'
import { exitCode, UsageError } from '../command.ts'
import { consequence, explain } from '../explain.ts'
import { announcedBy, describe } from '../notification.ts'
import { parseJson } from '../parse-json.ts'
import { post, type PostResult } from '../post.ts'
import { paint, print, type Output, type Terminal } from '../terminal.ts'
import { build, explainUnknown, isName, type BuildOptions } from './build.ts'
import { readNotifications } from './file.ts'

/** What to send where, as the command line says it. */
export interface SendOptions extends BuildOptions {
  readonly to: URL
  readonly token?: string
  readonly json?: true
}

/** One that was sent. */
interface Sent {
  /** What it was called on the command line. */
  readonly notification: string
  readonly text: string
  readonly outcome: PostResult
  readonly milliseconds: number
}

/** Posts the notifications, one after the other, and says what came of each. */
export async function send (notifications: readonly string[], options: SendOptions, { stdout, stderr, signal }: Terminal): Promise<number> {
  const { to, token = '', json } = options
  const texts = notifications.flatMap((each) => find(each, options).map((text) => [each, text] as const))
  const all: Sent[] = []
  for (const [notification, text] of texts) {
    const began = performance.now()
    const outcome = await post(to, text, { token, signal })
    const sent = { notification, text, outcome, milliseconds: Math.round(performance.now() - began) }
    all.push(sent)
    if (json === undefined) show(sent, stdout, stderr)
    if (signal.aborted) break
  }
  const ok = all.every(({ outcome }) => outcome.status === 200)
  if (json !== undefined) print(stdout, JSON.stringify({ ok, sent: all.map(membersOf) }))
  return ok ? exitCode.ok : exitCode.failed
}

function find (notification: string, options: BuildOptions): string[] {
  if (isName(notification)) return [build(notification, options)]
  if (!existsSync(notification) && !/\.json$|[/\\]/.test(notification)) throw new UsageError(explainUnknown(notification))
  const unusable = Object.entries(options).find(([name, value]) => value !== undefined && builderOptions.has(name))
  if (unusable !== undefined) throw new UsageError(`${builderOptions.get(unusable[0])} is for notifications that are built, and ${notification} is a file: leave it out`)
  return readNotifications(notification)
}

const builderOptions: ReadonlyMap<string, string> = new Map([
  ['data', '--data'], ['around', '--around'], ['chatId', '--chat-id'], ['idInstance', '--id-instance'], ['device', '--device']
])

function show ({ notification, text, outcome, milliseconds }: Sent, stdout: Output, stderr: Output): void {
  const { what, fix } = explain(outcome)
  const said = outcome.status === undefined || outcome.text === '' ? [] : [`  it says: ${outcome.text}`]
  const head = `${notification} (${describe(parseJson(text)) || 'no notification'})`
  if (outcome.status === 200) return print(stdout, `${head}: ${paint(stdout, 'green', what)} in ${milliseconds} ms`, ...said)
  print(stdout, `${head}: ${paint(stdout, 'red', what)}, after ${milliseconds} ms`, ...said)
  print(stderr, `${consequence}.`, `What to do: ${fix}.`)
}

function membersOf ({ notification, text, outcome, milliseconds }: Sent) {
  const { what, fix } = explain(outcome)
  return { notification, ...announcedBy(parseJson(text)), ...outcome, milliseconds, what, ...outcome.status !== 200 && { fix, consequence } }
}
