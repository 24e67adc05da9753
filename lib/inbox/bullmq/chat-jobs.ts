import type { JobsOptions, Queue } from 'bullmq'
import type { StoredEntry } from '../inbox.ts'
import type { Connection } from './connection.ts'
import type { DeadLetter } from './store.ts'

export type BullMQ = typeof import('bullmq')

/** The data of a job. A job delivers the entries of one chat. */
export interface JobData {
  readonly orderingKey: string
  /** The entry whose last attempt failed. */
  readonly failed?: Omit<StoredEntry, 'orderingKey'>
  /** The dead letter, if the job has failed for good. */
  readonly dead?: DeadLetter
}

export interface QueueOptions {
  readonly name: string
  readonly prefix: string
  /** How many attempts an entry gets. */
  readonly attempts: number
}

const jobName = 'chat'

/** Opens the queue. Throws when BullMQ refuses an option of the connection. */
export function openQueue ({ Queue }: BullMQ, connection: Connection, options: QueueOptions): Queue<JobData> {
  const { name, prefix, attempts } = options
  // Each job carries these options. The worker has the others.
  const defaultJobOptions: JobsOptions = { attempts, backoff: { type: 'custom' } }
  // With the version check, a connection that is lost during the check would make the queue unusable forever.
  const queue = new Queue<JobData>(name, { connection, prefix, defaultJobOptions, skipVersionCheck: true })
  // The connection logs these errors.
  queue.on('error', () => {})
  return queue
}

/**
 * Makes sure that a job begins for each chat after this call.
 *
 * BullMQ ignores the new job while another one of the chat waits. While another one is active, BullMQ keeps the new one
 * until that has ended. So a chat never has two active jobs.
 */
export async function ensureJobs (queue: Queue<JobData>, orderingKeys: Iterable<string>): Promise<void> {
  await queue.addBulk(Array.from(orderingKeys, (orderingKey) => ({
    name: jobName,
    data: { orderingKey },
    opts: { deduplication: { id: orderingKey, keepLastIfActive: true } }
  })))
}

/** Adds the jobs of the chats that have none, for example because somebody removed it in a dashboard. */
export async function addMissingJobs (queue: Queue<JobData>, orderingKeys: readonly string[]): Promise<void> {
  const jobIds = await Promise.all(orderingKeys.map((orderingKey) => queue.getDeduplicationJobId(orderingKey)))
  const missing = orderingKeys.filter((_, index) => jobIds[index] === null)
  if (missing.length > 0) await ensureJobs(queue, missing)
}
