import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { OpenEnum, Unchecked, WireText, isObject, readOptional, readText, wireOf, type Content } from './values.ts'

/** Which quota was exceeded. An editor completes the known values; GREEN-API can add others. */
export const QuotaStatus = OpenEnum('CORRESPONDENTS_QUOTA_EXCEEDED')
export type QuotaStatus = Static<typeof QuotaStatus>

const optional = {
  /** How many are used. */
  used: Type.Optional(Type.Number()),
  /** How many are allowed. */
  total: Type.Optional(Type.Number()),
  /** What to do, in GREEN-API's words. */
  description: Type.Optional(Type.String())
}

/** The `data` of `quotaExceeded`. */
export const QuotaExceeded = Type.Object({
  /** What the quota counts, such as `correspondents`. `''` if missing. */
  method: Type.String(),
  /** Which quota was exceeded. `''` if missing. */
  status: QuotaStatus,
  ...optional
})
export type QuotaExceeded = Static<typeof QuotaExceeded>

const WireQuota = Type.Object({
  method: Unchecked(WireText),
  status: Unchecked(WireText),
  ...wireOf(optional)
})

/** The members of a webhook body about a quota: `quotaData`, in GREEN-API's documentation also `stateInstance`. */
export const WireQuotaExceeded = Type.Object({ quotaData: Unchecked(WireQuota), stateInstance: Unchecked(WireQuota) })

/** One of GREEN-API's pages shows this kind with the `typeWebhook` of `incomingBlock`. */
export const quotaExceeded = defineServiceEvent({
  summary: 'an exceeded quota',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/QuotaExceeded/',
  typeWebhooks: ['quotaExceeded'],
  fallbackTypeWebhooks: ['incomingBlock'],
  wire: WireQuotaExceeded,
  data: QuotaExceeded,
  read (wire) {
    const quotas = [wire.quotaData, wire.stateInstance].filter(isObject)
    const quota = quotas.find(hasContent) ?? quotas[0]
    if (quota === undefined) return 'Expected quotaData'
    return { method: readText(quota.method), status: readText(quota.status), ...readOptional(quota, optional) }
  }
})

function hasContent ({ method, used, total, status }: Content): boolean {
  return (method ?? used ?? total ?? status) != null
}
