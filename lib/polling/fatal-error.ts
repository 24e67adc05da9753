import { RequestError } from '../green-api/index.ts'
import { PollingError } from '../errors.ts'

/** Part of GREEN-API's answer when the instance has a `webhookUrl`. */
const webhookUrlMessage = 'custom webhook url is set'

/** The cause of each status that `receiveNotification` answers when an option is wrong. */
const causes = new Map([
  [401, 'the apiTokenInstance does not belong to this instance'],
  [403, 'the idInstance or the apiTokenInstance is wrong'],
  [404, 'the apiUrl or the idInstance is wrong']
])

/** Converts an error that retrying cannot fix to a `PollingError`. Returns `undefined` for all other errors. */
export function toFatalError (error: unknown, idInstance: string): PollingError | undefined {
  if (!(error instanceof RequestError)) return undefined
  if (error.bodyIncludes(webhookUrlMessage)) {
    const fix = "Clear the webhookUrl in GREEN-API's console or with setSettings (this takes up to 5 minutes), " +
      'then restart the server. Or register the plugin with a route and without `poll`'
    const problem = `Instance ${idInstance} cannot be polled while it has a webhookUrl.`
    return new PollingError(`${problem} ${fix}`, { cause: error })
  }
  // deleteNotification answers these statuses for other reasons: the options were right for receiveNotification.
  const cause = error.method === 'receiveNotification' && error.status !== undefined
    ? causes.get(error.status)
    : undefined
  if (cause === undefined) return undefined
  const fix = "Copy the value from GREEN-API's console, then restart the server"
  return new PollingError(`Instance ${idInstance} cannot be polled: ${cause}. ${fix}`, { cause: error })
}
