import { request as requestHttp, type Agent as HttpAgent, type ClientRequest } from 'node:http'
import { request as requestHttps, type Agent as HttpsAgent } from 'node:https'
import { postHeaders } from './post-headers.ts'

/** In milliseconds: how long GREEN-API waits for the answer to a notification. */
export const patience = 180_000

/** Over which connections to post, and what breaks it off. */
export interface PostOptions {
  readonly agents?: { readonly http: HttpAgent, readonly https: HttpsAgent }
  readonly signal?: AbortSignal
}

/**
 * Posts a notification as GREEN-API does, and leaves the answer to whoever waits for it.
 *
 * Not by `fetch`, which would not go to every port, says of each failure that it failed, and takes
 * three times as long.
 */
export function postWebhook (url: URL, text: string, webhookUrlToken: string, { agents, signal }: PostOptions = {}): ClientRequest {
  // Bytes: before a text Node would write the headers in its encoding, and change a token that is not ASCII.
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
