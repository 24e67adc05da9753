import type { WebhookAttempt, Emulator, QueuedNotification } from '../../emulator/index.ts'
import { describeNotification, readNotificationFields } from '../notification.ts'
import { paint, type Output } from '../terminal.ts'
import { formatCurl } from './curl.ts'

/** Formats the emulator's events for printing. */
export interface EventFormatter {
  /** `certificate` is the file with the proxy's certificate. */
  listening (emulator: Emulator, certificate?: string): string
  queued (notification: QueuedNotification): string
  attempted (attempt: WebhookAttempt): string
  delivered (notification: QueuedNotification): string
  expired (notification: QueuedNotification): string
}

/** Formats events as text, with colors if `output` shows them. */
export function createTextFormatter (output: Output): EventFormatter {
  const formatLine = (label: string, { body, fault }: QueuedNotification, result: string) => {
    const time = new Date().toTimeString().slice(0, 8)
    const faultLabel = fault === 'none' ? '' : paint(output, 'yellow', `(${fault})`)
    return [paint(output, 'dim', time), label.padEnd(9), describeNotification(body), faultLabel, result]
      .filter((part) => part !== '').join(' ')
  }
  return {
    listening: (emulator, certificate) => formatIntroduction(emulator, certificate, output),
    queued: (notification) => formatLine('queued', notification, ''),
    attempted ({ notification, status, error }) {
      if (status === 200) return formatLine('posted', notification, paint(output, 'green', '→ 200'))
      const answer = paint(output, 'red', `→ ${status ?? (error || 'no answer')}`)
      const result = `${answer}, attempt ${notification.attempts}, retry in 60 s (later notifications wait)`
      return formatLine('posted', notification, result)
    },
    delivered: (notification) => formatLine('polled', notification, paint(output, 'green', 'and deleted')),
    expired: (notification) => formatLine('expired', notification, paint(output, 'red', 'after 24 hours, lost'))
  }
}

/** Formats events as JSON, one object per line, with the name of the event as `event`. */
export function createJsonFormatter (): EventFormatter {
  const formatLine = (event: string, members: object) => JSON.stringify({ event, ...members })
  return {
    listening (emulator, certificate) {
      const { idInstance, apiTokenInstance, settings: { webhookUrl } } = emulator.instance()
      return formatLine('listening', { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance, webhookUrl, certificate })
    },
    queued: (notification) => formatLine('queued', toJson(notification)),
    attempted ({ notification, status, error }) {
      return formatLine('attempted', { ...toJson(notification), attempts: notification.attempts, status, error })
    },
    delivered: (notification) => formatLine('delivered', toJson(notification)),
    expired: (notification) => formatLine('expired', toJson(notification))
  }
}

function toJson ({ receiptId, idInstance, body, fault }: QueuedNotification): object {
  return { receiptId, idInstance, ...readNotificationFields(body), fault }
}

function formatIntroduction (emulator: Emulator, certificate: string | undefined, output: Output): string {
  const { apiUrl } = emulator
  const { idInstance, apiTokenInstance, settings } = emulator.instance()
  const facts = {
    apiUrl,
    idInstance,
    apiTokenInstance,
    webhookUrl: settings.webhookUrl || 'not set: poll with receiveNotification, or restart with --webhook-url',
    ...certificate !== undefined && { proxy: `HTTPS_PROXY=${apiUrl} NODE_EXTRA_CA_CERTS=${certificate} node bot.js` }
  }
  return [
    'You are the customer. Type: text Hello | tap last yes | retry | help | quit',
    '',
    ...Object.entries(facts).map(([name, value]) => `${paint(output, 'bold', name.padEnd(16))} ${value}`),
    '',
    'Send a menu:',
    '',
    formatCurl(emulator),
    ''
  ].join('\n')
}
