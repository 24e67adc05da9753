import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorMessage } from '../../util/error-message.ts'
import { exitCode, UsageError } from '../command.ts'
import { post, type PostResult } from '../post.ts'
import { paint, print, type Terminal } from '../terminal.ts'
import type { WebhookTargetOptions } from '../webhook-options.ts'
import { showProgress, type Progress } from './progress.ts'
import { readRecording, type RecordedNotification } from './recording.ts'
import { ReplaySummary } from './summary.ts'

export interface ReplayOptions extends WebhookTargetOptions {
  readonly idInstance?: string
  /** Maximum notifications per second. */
  readonly rate?: number
  readonly attempts: number
  /** In seconds. */
  readonly retryDelay: number
  readonly json?: true
}

/** Posts the notifications of a recording one at a time, and prints a summary. */
export async function replay (file: string, options: ReplayOptions, terminal: Terminal): Promise<number> {
  const { json } = options
  const { stdout, stderr, signal } = terminal
  const summary = new ReplaySummary()
  const progress = showProgress(terminal, { size: sizeOf(file), enabled: json === undefined })
  const error = await postAll(file, options, signal, summary, progress.advance)
  progress.end(summary.status)
  const ok = summary.ok && error === undefined
  if (json !== undefined) {
    print(stdout, JSON.stringify({ ok, file, ...summary.counts(), error, problems: summary.problems }))
  } else {
    print(stdout, ...summary.lines(stdout))
    if (!summary.ok) print(stderr, ...summary.problems.map((problem) => paint(stderr, 'red', problem)))
  }
  if (error !== undefined) print(stderr, paint(stderr, 'red', `error: ${error}`))
  return ok ? exitCode.ok : exitCode.failed
}

/** Resolves with the error that ended the replay early, if any. */
async function postAll (
  file: string,
  { idInstance, rate = Infinity, ...options }: ReplayOptions,
  signal: AbortSignal,
  summary: ReplaySummary,
  advance: Progress['advance']
): Promise<string | undefined> {
  let nextPostAt = performance.now()
  try {
    for await (const notification of readRecording(file)) {
      if (idInstance === undefined || notification.idInstance === idInstance) {
        await pause(nextPostAt - performance.now(), signal)
        // After a slow answer the rate counts from now on, without a burst to catch up.
        nextPostAt = Math.max(nextPostAt + 1000 / rate, performance.now())
        const result = await postWithRetries(notification, options, signal)
        if (signal.aborted) return `interrupted before the end of ${file}`
        summary.add(result)
      } else {
        summary.skip()
      }
      advance(notification.size, summary.status)
    }
  } catch (error) {
    return errorMessage(error)
  }
}

async function postWithRetries (
  { text }: RecordedNotification,
  { to, webhookToken: token = '', attempts, retryDelay }: Omit<ReplayOptions, 'idInstance' | 'rate'>,
  signal: AbortSignal
): Promise<PostResult> {
  let result = await post(to, text, { token, signal })
  for (let attempt = 1; attempt < attempts && result.status !== 200 && !signal.aborted; attempt++) {
    await pause(retryDelay * 1000, signal)
    result = await post(to, text, { token, signal })
  }
  return result
}

/** Never rejects: callers check the signal themselves. */
async function pause (milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => {})
}

function sizeOf (file: string): number {
  try {
    const stat = statSync(file)
    if (!stat.isDirectory()) return stat.size
  } catch (error) {
    throw new UsageError(`Cannot read ${file} (${errorMessage(error)}). Use the path of a recording.`)
  }
  throw new UsageError(`${file} is a folder. Use the path of a recording.`)
}
