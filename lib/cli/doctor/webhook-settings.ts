import { webhookSettingNames, type WebhookSettingName } from '../../green-api/index.ts'
import type { Content } from '../../schemas/values.ts'
import { eventsRequiring } from './events.ts'
import type { Finding } from './finding.ts'

/** What is missing while a setting is off. */
const effects: Partial<Record<WebhookSettingName, string>> = {
  incomingWebhook: 'you receive no messages from contacts',
  outgoingMessageWebhook: 'you receive no messages sent from the phone',
  outgoingAPIMessageWebhook: 'you receive no messages sent through the API',
  outgoingWebhook: 'you receive no delivery statuses (except failed and noAccount)'
}

/**
 * Checks the settings that switch notifications on and off.
 *
 * `usedEvents` are the events that the user listens to, `undefined` if they are not known.
 */
export function checkSettings (settings: Content, usedEvents: ReadonlySet<string> | undefined): Finding[] {
  const subject = 'settings'
  const off = webhookSettingNames.filter((name) => isOff(settings[name]))
  if (off.length === 0) return [{ level: 'ok', subject, message: 'all notifications are switched on' }]
  const findings = off.map((name) => checkSetting(name, usedEvents))
  if (usedEvents === undefined || findings.some(({ level }) => level === 'problem')) return findings
  const message = `all settings that ${[...usedEvents].join(', ')} needs are switched on`
  return [{ level: 'ok', subject, message }, ...findings]
}

// GREEN-API answers "no"; its own clients also know false and 0.
function isOff (setting: unknown): boolean {
  return setting === 'no' || setting === false || setting === 0
}

function checkSetting (name: WebhookSettingName, usedEvents: ReadonlySet<string> | undefined): Finding {
  const events = eventsRequiring(name)
  const message = `set to "no": ${effects[name] ?? 'you receive no notifications of this type'}`
  const fix = `set ${name} to "yes" in GREEN-API's console or with setSettings (takes up to 5 minutes)`
  if (usedEvents === undefined) {
    return {
      level: name === 'incomingWebhook' ? 'problem' : 'warning',
      subject: name,
      message,
      fix: `${fix}, or list the events that you use with --events`,
      events
    }
  }
  const affected = events.filter((event) => usedEvents.has(event))
  if (affected.length === 0) {
    return { level: 'note', subject: name, message: `${message}, but none of your events needs it` }
  }
  const needed = `${message}, and ${affected.join(', ')} needs it`
  return { level: 'problem', subject: name, message: needed, fix, events: affected }
}
