import { RequestError } from '../green-api/request-error.ts'
import { PollingError } from '../errors.ts'

/** What an answer says of an instance whose notifications are posted. */
const webhookUrlIsSet = 'custom webhook url is set'

/** What is wrong where receiving is answered so. */
const wrong = new Map([
  [401, 'the apiTokenInstance is not the one of this instance'],
  [403, 'the idInstance or the apiTokenInstance is wrong'],
  [404, 'the apiUrl is wrong, or the idInstance']
])

/** Why polling an instance has no future after this error; `undefined` where it has. */
export function toFatalError (error: unknown, idInstance: string): PollingError | undefined {
  if (!(error instanceof RequestError)) return undefined
  if (error.bodyIncludes(webhookUrlIsSet)) {
    return new PollingError(`instance ${idInstance} cannot be polled while it has a webhookUrl: clear that in GREEN-API's console or with setSettings, which takes up to 5 minutes, and start the server anew; or register the plugin with a route, without poll`, { cause: error })
  }
  // What was received could be deleted, so that another status then is no more than odd.
  const reason = error.method === 'receiveNotification' && error.status !== undefined ? wrong.get(error.status) : undefined
  if (reason === undefined) return undefined
  return new PollingError(`instance ${idInstance} cannot be polled: ${reason}; set it to what GREEN-API's console shows, and start the server anew`, { cause: error })
}
