import { Type, type Static } from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { Open, Unchecked, WireNumber, WireText, isObject, readNumbers, readText, readTexts, type Content } from './values.ts'

/** Which quota: what is known today completes in the editor, what is to come passes. */
export const QuotaStatus = Open('CORRESPONDENTS_QUOTA_EXCEEDED')
export type QuotaStatus = Static<typeof QuotaStatus>

/** A quota that is used up, as listeners receive it. */
export const QuotaExceeded = Type.Object({
  /** What is counted, such as `correspondents`; `''` where the wire does not say. */
  method: Type.String(),
  /** How many are used, from a number or a text; absent where the wire has no number. */
  used: Type.Optional(Type.Number()),
  /** How many there are, from a number or a text; absent where the wire has no number. */
  total: Type.Optional(Type.Number()),
  /** Which quota; `''` where the wire does not say. */
  status: QuotaStatus,
  /** What to do, in GREEN-API's words. */
  description: Type.Optional(Type.String())
})
export type QuotaExceeded = Static<typeof QuotaExceeded>

const WireQuota = Type.Object({
  method: Unchecked(WireText),
  used: Unchecked(WireNumber),
  total: Unchecked(WireNumber),
  status: Unchecked(WireText),
  description: Unchecked(WireText)
})

/**
 * The members of the webhook body that say it: bodies say `quotaData`, a table `stateInstance`.
 * The numbers are texts in that table, numbers in bodies.
 */
export const WireQuotaExceeded = Type.Object({ quotaData: Unchecked(WireQuota), stateInstance: Unchecked(WireQuota) })

/** A quota is used up. One page prints it under the `typeWebhook` of `incomingBlock`. */
export const quotaExceeded = defineServiceEvent({
  summary: 'a quota is used up',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/QuotaExceeded/',
  typeWebhooks: ['quotaExceeded'],
  fallbackTypeWebhooks: ['incomingBlock'],
  wire: WireQuotaExceeded,
  data: QuotaExceeded,
  read (wire) {
    const quotas = [wire.quotaData, wire.stateInstance].filter(isObject)
    const quota = quotas.find(saysSomething) ?? quotas[0]
    if (quota === undefined) return 'Expected quotaData'
    return {
      method: readText(quota.method),
      status: readText(quota.status),
      ...readNumbers(quota, ['used', 'total']),
      ...readTexts(quota, ['description'])
    }
  }
})

function saysSomething ({ method, used, total, status }: Content): boolean {
  return (method ?? used ?? total ?? status) != null
}
