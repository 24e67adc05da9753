import { existsSync } from 'node:fs'
import { exitCode, UsageError } from '../command.ts'
import { explainResult, retryWarning } from '../explain.ts'
import { describeNotification, readNotificationFields } from '../notification.ts'
import { parseJson } from '../../util/parse-json.ts'
import { post, type PostResult } from '../post.ts'
import { suggest } from '../suggest.ts'
import { paint, print, type Output, type Terminal } from '../terminal.ts'
import type { WebhookTargetOptions } from '../webhook-options.ts'
import { buildNotification, eventNames, isEventName, type BuildOptions } from './build.ts'
import { readNotifications } from './file.ts'

export interface SendOptions extends BuildOptions, WebhookTargetOptions {
  readonly json?: true
}

interface SentNotification {
  /** The argument on the command line. */
  readonly notification: string
  /** The body. */
  readonly text: string
  readonly result: PostResult
  readonly milliseconds: number
}

/** Posts notifications one after the other, and prints the result of each. */
export async function send (
  notifications: readonly string[], options: SendOptions, { stdout, stderr, signal }: Terminal
): Promise<number> {
  const { to, webhookToken: token = '', json } = options
  const texts = notifications.flatMap((each) => loadNotifications(each, options).map((text) => [each, text] as const))
  const all: SentNotification[] = []
  for (const [notification, text] of texts) {
    const startedAt = performance.now()
    const result = await post(to, text, { token, signal })
    const sent = { notification, text, result, milliseconds: Math.round(performance.now() - startedAt) }
    all.push(sent)
    if (json === undefined) printSent(sent, stdout, stderr)
    if (signal.aborted) break
  }
  const ok = all.every(({ result }) => result.status === 200)
  if (json !== undefined) print(stdout, JSON.stringify({ ok, sent: all.map(toJson) }))
  return ok ? exitCode.ok : exitCode.failed
}

/** Builds an event, or reads the notifications of a file. */
function loadNotifications (argument: string, options: BuildOptions): string[] {
  if (isEventName(argument)) return [buildNotification(argument, options)]
  if (!existsSync(argument) && !/\.json$|[/\\]/.test(argument)) {
    throw new UsageError(`"${argument}" is neither an event nor a file. ${suggest(argument, eventNames)}`)
  }
  for (const [name, flag] of buildFlags) {
    if (options[name] !== undefined) {
      throw new UsageError(`${flag} applies only to events, and ${argument} is a file. Remove it.`)
    }
  }
  return readNotifications(argument)
}

const buildFlags: ReadonlyMap<keyof BuildOptions, string> = new Map([
  ['data', '--data'],
  ['around', '--around'],
  ['chatId', '--chat-id'],
  ['idInstance', '--id-instance'],
  ['device', '--device']
])

function printSent (sent: SentNotification, stdout: Output, stderr: Output): void {
  const { notification, text, result, milliseconds } = sent
  const { message, fix } = explainResult(result)
  const body = result.status === undefined || result.text === '' ? [] : [`  answer: ${result.text}`]
  const head = `${notification} (${describeNotification(parseJson(text)) || 'not a notification'})`
  if (result.status === 200) {
    return print(stdout, `${head}: ${paint(stdout, 'green', message)} in ${milliseconds} ms`, ...body)
  }
  print(stdout, `${head}: ${paint(stdout, 'red', message)}, after ${milliseconds} ms`, ...body)
  print(stderr, `${retryWarning}.`, `Fix: ${fix}.`)
}

function toJson ({ notification, text, result, milliseconds }: SentNotification): object {
  const { message, fix } = explainResult(result)
  return {
    notification,
    ...readNotificationFields(parseJson(text)),
    ...result,
    milliseconds,
    message,
    ...result.status !== 200 && { fix, warning: retryWarning }
  }
}
