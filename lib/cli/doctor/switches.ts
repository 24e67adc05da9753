import { webhookSettingNames, type WebhookSettingName } from '../../green-api/instance-settings.ts'
import type { Content } from '../../schemas/values.ts'
import { eventsBehind } from './events.ts'
import type { Finding } from './finding.ts'

/** Whose messages a setting lets through; and what comes of a status all the same. */
const remarks: Partial<Record<WebhookSettingName, string>> = {
  incomingWebhook: 'nothing arrives that contacts send',
  outgoingMessageWebhook: 'nothing arrives that is sent from the phone',
  outgoingAPIMessageWebhook: 'nothing arrives that is sent through the API',
  outgoingWebhook: 'nothing arrives that becomes of a message, but failed and noAccount'
}

/** Judges the settings that decide which notifications are sent, by the events that are listened to; `undefined` where nobody says. */
export function checkSettings (settings: Content, wanted: ReadonlySet<string> | undefined): Finding[] {
  const off = webhookSettingNames.filter((name) => settings[name] === 'no')
  if (off.length === 0) return [{ level: 'ok', subject: 'settings', message: 'every notification is switched on' }]
  const findings = off.map((name) => judge(name, wanted))
  const missed = findings.some(({ level }) => level === 'problem')
  return wanted === undefined || missed ? findings : [{ level: 'ok', subject: 'settings', message: `what ${[...wanted].join(', ')} needs is switched on` }, ...findings]
}

function judge (name: WebhookSettingName, wanted: ReadonlySet<string> | undefined): Finding {
  const events = eventsBehind(name)
  const needed = wanted === undefined ? [] : events.filter((event) => wanted.has(event))
  const because = `it is "no": ${remarks[name] ?? 'nothing arrives of this kind'}`
  const fix = `set ${name} to "yes" in GREEN-API's console, or with setSettings; it takes up to 5 minutes`
  if (needed.length > 0) return { level: 'problem', subject: name, message: `${because}, and ${needed.join(', ')} needs it`, fix, events }
  if (wanted !== undefined) return { level: 'note', subject: name, message: `${because}, which none of your events needs`, events }
  return { level: name === 'incomingWebhook' ? 'problem' : 'warning', subject: name, message: because, fix: `${fix}; or say with --events what you listen to`, events }
}
