import { Client, RequestError, type Credentials } from '../../green-api/index.ts'
import { readQueueSize, type InstanceInfo } from '../../recovery/index.ts'
import { catchRequestError, diagnoseRequestError } from '../diagnose-request-error.ts'
import type { Finding } from './finding.ts'
import { checkInbox } from './inbox-losses.ts'
import { readMessages } from './journal-messages.ts'
import { checkMetrics } from './metrics-losses.ts'

export interface LossOptions {
  /** How many minutes to look back. */
  readonly minutes: number
  /** The file of a `sqliteInbox` whose server is stopped. */
  readonly inbox?: string
  /** The metrics of the server. */
  readonly metrics?: URL
}

/** Compares GREEN-API's journals with what the server received. */
export async function checkLosses (
  credentials: Credentials, instance: InstanceInfo, { minutes, inbox, metrics }: LossOptions, signal: AbortSignal
): Promise<Finding[]> {
  const { idInstance } = credentials
  const client = new Client(credentials)
  const answer = await catchRequestError(readQueueSize(client, signal))
  const queueSize = answer instanceof RequestError ? undefined : answer
  const { messages, failures } = await readMessages(client, instance, minutes, signal)
  const since = instance.now - minutes * 60_000
  return [
    ...failures.map((error): Finding => {
      return { level: 'problem', ...diagnoseRequestError(error, credentials), subject: error.method }
    }),
    ...inbox === undefined ? [] : checkInbox(inbox, messages, { since, queueSize }),
    ...metrics === undefined ? [] : await checkMetrics(metrics, messages, { idInstance, since }, signal)
  ]
}
