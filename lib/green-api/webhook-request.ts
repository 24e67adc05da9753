import { request as requestHttp, type Agent as HttpAgent, type ClientRequest } from 'node:http'
import { request as requestHttps, type Agent as HttpsAgent } from 'node:https'

/** How long GREEN-API waits for the answer to a notification. */
export const webhookTimeoutMs = 180_000

/** The connection pools to use, and the signal that aborts the request. */
export interface PostOptions {
  readonly agents?: { readonly http: HttpAgent, readonly https: HttpsAgent }
  readonly signal?: AbortSignal
}

/**
 * Posts a notification as GREEN-API does. The caller reads the answer.
 *
 * `fetch` is not used: it refuses some ports, its errors have no details, and it takes three times as long.
 */
export function postWebhook (
  url: URL,
  text: string,
  webhookUrlToken: string,
  { agents, signal }: PostOptions = {}
): ClientRequest {
  // A Buffer, because with a string Node encodes the headers like the body, which breaks a token that is not ASCII.
  const body = Buffer.from(text)
  const secure = url.protocol === 'https:'
  const request = (secure ? requestHttps : requestHttp)(url, {
    method: 'POST',
    headers: { ...postHeaders(webhookUrlToken), 'content-length': body.length },
    agent: secure ? agents?.https : agents?.http,
    signal
  })
  request.end(body)
  return request
}

/** Returns the headers of a webhook request. A token that starts with a scheme is sent as it is. */
export function postHeaders (webhookUrlToken: string): Record<string, string> {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  if (webhookUrlToken === '') return headers
  const authorization = /^(?:bearer|basic) /i.test(webhookUrlToken) ? webhookUrlToken : `Bearer ${webhookUrlToken}`
  // Node writes headers as latin1. This sends the token's UTF-8 bytes unchanged.
  return { ...headers, authorization: Buffer.from(authorization).toString('latin1') }
}
