import { postHeaders } from '../green-api/index.ts'
import { emitterOf } from '../delivery/index.ts'
import { recognize } from '../recognition/index.ts'
import { observe } from './observe.ts'
import { toInjectResult, type InjectResult } from './outcome.ts'
import { assertFastify, findRoute, tokenFor, waitUntilReady, type Injectable } from './target-route.ts'

/** Options of `inject`. */
export interface InjectOptions {
  /** The route, if the plugin is registered several times: its `path`, or its path with all prefixes. */
  path?: string | undefined
  /** The `webhookUrlToken` to send; `false` sends none. Default: the right token of the notification's instance. */
  token?: string | false | undefined
  /** How long to wait until an inbox has delivered the notification. Default: 10 000 ms. */
  timeout?: number | undefined
}

/**
 * Posts a notification to the plugin's route as GREEN-API does, and resolves with the result. An object is sent as
 * JSON, a string as it is.
 *
 * Without an inbox, it resolves after the response. With an inbox, it resolves when the notification is delivered,
 * when its first attempt fails, or when it is dropped as a duplicate.
 *
 * @throws {TypeError} if `app` is not a Fastify instance, or if the notification is neither an object nor a string
 * @throws {Error} if there is no such route, if several routes match, or if the inbox does not deliver in time; with
 * Fastify's error if the server is not ready or closes
 * @example
 * const { outcome, listeners } = await inject(app, buttonReply({ buttonId: 'yes' }))
 */
export async function inject (
  app: Injectable, notification: object | string, options: InjectOptions = {}
): Promise<InjectResult> {
  assertFastify(app)
  assertNotification(notification)
  await waitUntilReady(app)
  const emitter = emitterOf(app)
  const { url, tokens, handler } = findRoute(emitter, options.path)
  const payload = typeof notification === 'string' ? notification : JSON.stringify(notification)
  const recognized = recognize(payload).event
  const { token = await tokenFor(tokens, recognized.idInstance), timeout = 10_000 } = options
  const headers = postHeaders(token === false ? '' : token)

  return observe(emitter, recognized, async (observer) => {
    const response = await app.inject({ method: 'POST', url, headers, payload })
    return toInjectResult(observer, response, recognized, { timeout, closing: handler.closing })
  })
}

// JavaScript programs can pass any value.
function assertNotification (notification: unknown): void {
  if (typeof notification === 'string') return
  const fix = 'Pass an object, which is sent as JSON, or a string, which is sent as it is'
  if (ArrayBuffer.isView(notification)) {
    throw new TypeError(`The notification is binary. ${fix}, for example notification.toString().`)
  }
  if (typeof notification !== 'object' || notification === null) {
    throw new TypeError(`The notification is ${String(notification)}. ${fix}.`)
  }
}
