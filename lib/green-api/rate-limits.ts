/**
 * GREEN-API's limits in calls per second, of one method of one instance.
 *
 * @see https://green-api.com/en/docs/api/ratelimiter/
 */
const limits = new Map([
  ['receiveNotification', 100],
  ['deleteNotification', 100],
  ['getMessage', 10],
  ['checkWhatsapp', 10],
  ['getSettings', 1],
  ['setSettings', 1],
  ['getStateInstance', 1],
  ['lastIncomingMessages', 1],
  ['lastOutgoingMessages', 1],
  ['lastIncomingCalls', 1],
  ['lastOutgoingCalls', 1],
  ['getChatHistory', 1],
  ['getWebhooksCount', 1],
  ['clearWebhooksQueue', 1],
  ['sendInteractiveButtons', 1],
  ['sendInteractiveButtonsReply', 1]
])

/** The limit of all other methods. */
const sendLimit = 50

/** Returns how many calls of a method one instance may make in a second. */
export function callsPerSecond (method: string): number {
  return limits.get(method) ?? sendLimit
}
