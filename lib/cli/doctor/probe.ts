import { randomUUID } from 'node:crypto'
import { explain } from '../explain.ts'
import { post, type PostResult } from '../post.ts'
import type { Finding } from './finding.ts'

/** What came of posting to the webhookUrl. */
export interface Probe {
  /** Whether the instance has a `webhookUrlToken`. */
  readonly hasToken: boolean
  /** As GREEN-API would post. */
  readonly valid: PostResult
  /** Without a token; asked where there is one, and it is accepted. */
  readonly noToken?: PostResult
  /** With a wrong one; asked where none is refused. */
  readonly wrongToken?: PostResult
}

/** Whom to post to, and for which instance. */
export interface Target {
  readonly url: URL
  readonly webhookUrlToken: string
  readonly idInstance: string
  readonly signal: AbortSignal
}

/** In milliseconds: how long an answer is waited for, which GREEN-API does for longer. */
const patience = 15_000

/** Posts to the webhookUrl as GREEN-API would, and as others might. */
export async function probe ({ url, webhookUrlToken, idInstance, signal }: Target): Promise<Probe> {
  // The same text each time, so that a server which accepts it more than once drops what repeats it.
  const text = JSON.stringify({ typeWebhook: 'doctor', instanceData: { idInstance: Number(idInstance), wid: '', typeInstance: 'whatsapp' }, timestamp: Math.floor(Date.now() / 1000) })
  const ask = (token: string) => post(url, text, { token, timeout: patience, signal })
  const genuine = await ask(webhookUrlToken)
  const hasToken = webhookUrlToken !== ''
  if (!hasToken || genuine.status !== 200) return { hasToken, valid: genuine }
  const anonymous = await ask('')
  if (anonymous.status === 200) return { hasToken, valid: genuine, noToken: anonymous }
  return { hasToken, valid: genuine, noToken: anonymous, wrongToken: await ask(`wrong-${randomUUID()}`) }
}

/** Judges what came of posting to this address. */
export function checkProbe ({ hasToken, valid: genuine, noToken: anonymous, wrongToken: stranger }: Probe, address: string): Finding[] {
  const origin: Finding = { level: 'note', subject: 'probe', message: 'it came from this machine, not from GREEN-API: a firewall may treat the two differently' }
  return [judgeGenuine(genuine, hasToken, address), ...judgeImpostor(anonymous, 'without a token'), ...judgeImpostor(stranger, 'with a wrong token'), origin]
}

function judgeGenuine (outcome: PostResult, hasToken: boolean, address: string): Finding {
  const { status } = outcome
  if (status === 200) return { level: 'ok', subject: 'webhookUrl', message: `${address} answers 200 to what GREEN-API would post` }
  if (status !== 401 && status !== 403) {
    const { what, fix } = explain(outcome)
    return { level: 'problem', subject: 'webhookUrl', message: `${address} was posted to from here, and ${what}`, fix }
  }
  const subject = 'webhookUrlToken'
  const fix = "give the plugin's option token and the instance's webhookUrlToken the same value, to the letter; a change of settings takes up to 5 minutes"
  if (hasToken) return { level: 'problem', subject, message: `${address} answers ${status}: it does not accept the token that GREEN-API posts with`, fix }
  return { level: 'problem', subject, message: `${address} answers ${status}: it wants a token, and the instance has none to post with`, fix }
}

function judgeImpostor (outcome: PostResult | undefined, manner: string): Finding[] {
  if (outcome?.status !== 200) return []
  return [{ level: 'warning', subject: 'webhookUrlToken', message: `the server answers 200 ${manner} as well: anyone who knows the URL may post`, fix: "give the plugin's option token the instance's webhookUrlToken, rather than false" }]
}

/** Judges whether there is a token at all. */
export function checkToken (webhookUrlToken: string): Finding[] {
  if (webhookUrlToken !== '') return []
  return [{ level: 'warning', subject: 'webhookUrlToken', message: 'it is empty: nothing tells what GREEN-API posts from what anyone else does', fix: "set it to a long random text, and give the plugin's option token the same" }]
}
