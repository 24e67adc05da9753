import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorMessage } from '../../util/error-message.ts'
import { exitCode, UsageError } from '../command.ts'
import { post, type PostResult } from '../post.ts'
import { paint, print, type Terminal } from '../terminal.ts'
import { showProgress, type Progress } from './progress.ts'
import { readRecording, type Recorded } from './recording.ts'
import { ReplaySummary } from './tally.ts'

/** What to replay where, as the command line says it. */
export interface ReplayOptions {
  readonly to: URL
  readonly token?: string
  readonly idInstance?: string
  /** A second, at most. */
  readonly rate?: number
  readonly attempts: number
  /** In seconds. */
  readonly retryDelay: number
  readonly json?: true
}

/** Posts what was recorded, one at a time, and sums up what came of it. */
export async function replay (file: string, options: ReplayOptions, terminal: Terminal): Promise<number> {
  const { json } = options
  const { stdout, stderr, signal } = terminal
  const tally = new ReplaySummary()
  const progress = await showProgress(terminal, { size: sizeOf(file), wanted: json === undefined })
  const error = await postAll(file, options, signal, tally, progress.advance)
  progress.end(tally.status)
  if (json !== undefined) print(stdout, JSON.stringify({ ok: tally.ok && error === undefined, file, ...tally.summary(), error, problems: tally.problems }))
  else {
    print(stdout, ...tally.lines(stdout))
    if (!tally.ok) print(stderr, ...tally.problems.map((trouble) => paint(stderr, 'red', trouble)))
  }
  if (error !== undefined) print(stderr, paint(stderr, 'red', `error: ${error}`))
  return tally.ok && error === undefined ? exitCode.ok : exitCode.failed
}

/** Resolves with what made an end of it too soon, if anything did. */
async function postAll (file: string, { idInstance, rate = Infinity, ...options }: ReplayOptions, signal: AbortSignal, tally: ReplaySummary, advance: Progress['advance']): Promise<string | undefined> {
  let due = performance.now()
  try {
    for await (const recorded of readRecording(file)) {
      if (idInstance === undefined || recorded.idInstance === idInstance) {
        await pause(due - performance.now(), signal)
        due = Math.max(due + 1000 / rate, performance.now())
        const outcome = await persist(recorded, options, signal)
        if (signal.aborted) return `interrupted before the end of ${file}`
        tally.add(outcome)
      } else {
        tally.skip()
      }
      advance(recorded.size, tally.status)
    }
  } catch (error) {
    return errorMessage(error)
  }
}

/** Posts a notification as often as it may take. */
async function persist ({ text }: Recorded, { to, token = '', attempts, retryDelay }: Omit<ReplayOptions, 'idInstance' | 'rate'>, signal: AbortSignal): Promise<PostResult> {
  let outcome = await post(to, text, { token, signal })
  for (let attempt = 1; attempt < attempts && outcome.status !== 200 && !signal.aborted; attempt++) {
    await pause(retryDelay * 1000, signal)
    outcome = await post(to, text, { token, signal })
  }
  return outcome
}

async function pause (milliseconds: number, signal: AbortSignal): Promise<void> {
  // What ends it is asked for afterwards.
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => {})
}

function sizeOf (file: string): number {
  try {
    const stat = statSync(file)
    if (!stat.isDirectory()) return stat.size
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${errorMessage(error)}): write the path of a recording`)
  }
  throw new UsageError(`${file} is a folder: write the path of a recording`)
}
