import type { NotificationRecord } from '../protocol.ts'
import { h } from './dom.ts'

/** The state of a record in the log: whether its latest attempt failed. */
export function stateOf ({ state, attempts: [latest] }: NotificationRecord): 'ok' | 'waiting' | 'failed' {
  if (state === 'delivered') return 'ok'
  if (state === 'expired') return 'failed'
  return latest === undefined ? 'waiting' : 'failed'
}

/** Draws the HTTP status of the latest attempt. */
export function drawStatus (record: NotificationRecord): HTMLElement {
  const { state, attempts: [latest] } = record
  const text = state === 'expired'
    ? 'Expired'
    : latest === undefined ? 'Waiting' : String(latest.status ?? 'No answer')
  return h('span', { class: 'status', 'data-state': stateOf(record) }, text)
}

/** The name of the event, with the status of a message. */
export function nameOf ({ event }: NotificationRecord): string {
  return String(event.name)
}

/** The members of `data` that distinguish events of the same name, the most informative first. */
const telling = [
  'status', 'stateInstance', 'statusInstance', 'buttonText', 'text', 'caption', 'reaction', 'body', 'name',
  'nameLocation', 'displayName', 'groupName', 'fileName'
]

/** What distinguishes an event from others of the same name. */
export function detailOf ({ event, fault }: NotificationRecord): string {
  const members = new Map<string, unknown>(Object.entries(Object(event.data)))
  const detail = [...telling.map((name) => members.get(name)), event.reason]
    .find((each) => typeof each === 'string' && each !== '')
  const parts = new Set([fault === 'none' ? '' : fault, detail ?? ''])
  return [...parts].filter((part) => part !== '').join(' · ')
}
