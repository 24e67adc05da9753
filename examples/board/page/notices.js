/**
 * @typedef {import('fastify-green-api').Event} Event
 * @typedef {import('fastify-green-api').Unrecognized} Unrecognized
 */

/**
 * What is said of an event that is no message.
 *
 * @param {Event | Unrecognized} event
 * @returns {{ title: string, text: string, strange: boolean }}
 */
export function noticeOf (event) {
  if (event.name !== 'unrecognized') return { title: event.name, text: Object.values(event.data).filter((each) => typeof each === 'string').join(', '), strange: false }
  const what = event.typeMessage ?? event.typeWebhook ?? ''
  return { title: `Unrecognized (${event.reason})`, text: `${what} Answered 200 all the same: nothing behind it waits.`, strange: true }
}

/**
 * The chat that the body of such an event names; empty where it names none.
 *
 * @param {Event | Unrecognized} event
 */
export function chatOf ({ raw }) {
  const { senderData, chatId } = Object(raw)
  const named = Object(senderData).chatId ?? chatId
  return typeof named === 'string' ? named : ''
}
