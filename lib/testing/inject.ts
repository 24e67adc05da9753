import type { LightMyRequestResponse } from 'fastify'
import { postHeaders } from '../green-api/webhook-request.ts'
import { emitterOf } from '../delivery/emitter.ts'
import { recognize } from '../recognition/recognize.ts'
import { toInjectResult, type InjectResult } from './outcome.ts'
import { registrationOf, tokenFor, untilReady, type Injectable } from './target-route.ts'
import { watching } from './observe.ts'

/** How to inject a notification. */
export interface InjectOptions {
  /** Of which registration, where the scope has several: its `path`, or the whole path with all prefixes. */
  path?: string | undefined
  /** The `webhookUrlToken` to post with instead of the right one, which is of the notification's instance; `false`: none. */
  token?: string | false | undefined
  /** In milliseconds, how long to wait until an inbox has delivered it. Default: 10 000. */
  timeout?: number | undefined
}

/** What became of an injected notification. */
export interface Injected extends InjectResult {
  /** Of the answer. */
  statusCode: number
  /** The answer. */
  response: LightMyRequestResponse
}

/**
 * Posts a notification through the plugin's own route, as GREEN-API would with the right token,
 * and tells what became of it: an object as JSON, a text as it is.
 *
 * Resolves when it was answered; with an inbox when it was delivered, when its first attempt
 * failed, or when it was dropped as a repeat. Rejects where there is no such route, where an inbox
 * does not deliver it in time, and with Fastify's error where the server is closed or about to be.
 *
 * @example
 * const { outcome, listeners } = await inject(app, buttonReply({ buttonId: 'yes' }))
 */
export async function inject (app: Injectable, notification: object | string, options: InjectOptions = {}): Promise<Injected> {
  checkNotification(notification)
  await untilReady(app)
  const emitter = emitterOf(app)
  const { url, tokens } = registrationOf(emitter, options.path)
  const payload = typeof notification === 'string' ? notification : JSON.stringify(notification)
  const recognized = recognize(payload).event
  const { token = tokenFor(tokens, recognized.idInstance), timeout = 10_000 } = options
  const headers = postHeaders(token === false ? '' : token)

  return watching(emitter, recognized, async (watch) => {
    const response = await app.inject({ method: 'POST', url, headers, payload })
    return { statusCode: response.statusCode, response, ...await toInjectResult(watch, response.statusCode, recognized, timeout) }
  })
}

// For programs without types.
function checkNotification (notification: unknown): void {
  if (typeof notification === 'string') return
  const fix = 'inject an object, which is posted as JSON, or a text, which is posted as it is'
  if (ArrayBuffer.isView(notification)) throw new TypeError(`notification is bytes: ${fix}, such as notification.toString()`)
  if (typeof notification !== 'object' || notification === null) throw new TypeError(`notification is ${String(notification)}: ${fix}`)
}
