import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker, type Job } from 'bullmq'
import type { Connection } from './connection.ts'
import type { JobData } from './job-writer.ts'

/** How long a worker waits after Redis refused to give it a job. */
const refusalPauseMs = 1000

export function openQueue (name: string, connection: Connection, prefix: string): Queue<JobData> {
  try {
    // With the version check, a connection that is lost during the check would make the queue unusable forever.
    const queue = new Queue<JobData>(name, { connection, prefix, skipVersionCheck: true })
    // The connection logs these errors.
    queue.on('error', () => {})
    return queue
  } catch (error) {
    connection.endAll()
    throw error
  }
}

/**
 * A worker that pauses after a refusal of Redis. BullMQ's worker asks for a job again at once, which takes the whole
 * CPU. If its connection could not be prepared, it even does so without a turn of the event loop, and blocks the
 * process.
 */
export class PacedWorker<Data> extends Worker<Data> {
  readonly #closing = new AbortController()

  protected override async moveToActive (token: string, name?: string): Promise<Job<Data>> {
    try {
      return await super.moveToActive(token, name)
    } catch (error) {
      await sleep(refusalPauseMs, undefined, { signal: this.#closing.signal }).catch(() => {})
      throw error
    }
  }

  override async close (force?: boolean): Promise<void> {
    this.#closing.abort()
    await super.close(force)
  }
}
