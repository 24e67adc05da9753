import { randomUUID } from 'node:crypto'
import { explainResult } from '../explain.ts'
import { post, type PostResult } from '../post.ts'
import type { Finding } from './finding.ts'

/** The answers to the test notification. */
export interface Probe {
  /** Whether the instance has a `webhookUrlToken`. */
  readonly hasToken: boolean
  /** Sent as GREEN-API sends it. */
  readonly valid: PostResult
  /** Sent without a token. Skipped if the instance has no token, or if `valid` was not answered 200. */
  readonly noToken?: PostResult
  /** Sent with a wrong token. Skipped also if `noToken` was answered 200. */
  readonly wrongToken?: PostResult
}

export interface ProbeTarget {
  readonly url: URL
  readonly webhookUrlToken: string
  readonly idInstance: string
  readonly signal: AbortSignal
}

/** GREEN-API itself waits longer for an answer. */
const probeTimeoutMs = 15_000

/** Posts a test notification to the `webhookUrl`: as GREEN-API does, without a token, and with a wrong one. */
export async function probe ({ url, webhookUrlToken, idInstance, signal }: ProbeTarget): Promise<Probe> {
  // The same text each time, so that a server that accepts it several times drops the duplicates.
  const text = JSON.stringify({
    typeWebhook: 'doctor',
    instanceData: { idInstance: Number(idInstance), wid: '', typeInstance: 'whatsapp' },
    timestamp: Math.floor(Date.now() / 1000)
  })
  const postWith = (token: string) => post(url, text, { token, timeout: probeTimeoutMs, signal })
  const hasToken = webhookUrlToken !== ''
  const valid = await postWith(webhookUrlToken)
  if (!hasToken || valid.status !== 200) return { hasToken, valid }
  const noToken = await postWith('')
  if (noToken.status === 200) return { hasToken, valid, noToken }
  return { hasToken, valid, noToken, wrongToken: await postWith(`wrong-${randomUUID()}`) }
}

/** Checks the answers to the test notification. `address` is the `webhookUrl` without its secrets. */
export function checkProbe ({ hasToken, valid, noToken, wrongToken }: Probe, address: string): Finding[] {
  return [
    checkValid(valid, hasToken, address),
    ...checkUnauthorized(noToken, 'without a token'),
    ...checkUnauthorized(wrongToken, 'with a wrong token'),
    {
      level: 'note',
      subject: 'probe',
      message: 'the test notification came from this machine (a firewall may treat GREEN-API differently)'
    }
  ]
}

function checkValid (result: PostResult, hasToken: boolean, address: string): Finding {
  const { status } = result
  if (status === 200) {
    return { level: 'ok', subject: 'webhookUrl', message: `${address} answers 200 to a test notification` }
  }
  if (status !== 401 && status !== 403) {
    const { message, fix } = explainResult(result)
    return { level: 'problem', subject: 'webhookUrl', message: `test notification to ${address}: ${message}`, fix }
  }
  const reason = hasToken ? "rejects the instance's webhookUrlToken" : 'requires a token, but the instance has none'
  return {
    level: 'problem',
    subject: 'webhookUrlToken',
    message: `${address} answers ${status}: it ${reason}`,
    fix: "set the plugin's token option and the instance's webhookUrlToken to exactly the same value " +
      '(GREEN-API takes up to 5 minutes to apply a change of settings)'
  }
}

function checkUnauthorized (result: PostResult | undefined, manner: string): Finding[] {
  if (result?.status !== 200) return []
  return [{
    level: 'warning',
    subject: 'webhookUrlToken',
    message: `the server answers 200 ${manner} as well, so anyone who knows the URL can send notifications`,
    fix: "set the plugin's token option to the instance's webhookUrlToken instead of false"
  }]
}

/** Checks that the instance has a token. */
export function checkToken (webhookUrlToken: string): Finding[] {
  if (webhookUrlToken !== '') return []
  return [{
    level: 'warning',
    subject: 'webhookUrlToken',
    message: 'empty, so the server cannot tell GREEN-API from anyone else',
    fix: "set it to a long random text, and set the plugin's token option to the same value"
  }]
}
