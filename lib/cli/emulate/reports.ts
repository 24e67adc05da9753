import type { WebhookAttempt, Emulator, QueuedNotification } from '../../emulator/index.ts'
import { announcedBy, describe } from '../notification.ts'
import { paint, type Output } from '../terminal.ts'
import { curlOf } from './curl.ts'

/** What is printed of what happens: a line, or several, of each. */
export interface Report {
  /** `certificate` is the file of a proxy's. */
  listening (emulator: Emulator, certificate?: string): string
  queued (notification: QueuedNotification): string
  attempted (attempt: WebhookAttempt): string
  delivered (notification: QueuedNotification): string
  expired (notification: QueuedNotification): string
}

/** For people. */
export function makeTextReport (output: Output): Report {
  const line = (what: string, { body, fault }: QueuedNotification, result: string) => {
    const oddity = fault === 'none' ? [] : [paint(output, 'yellow', `(${fault})`)]
    return [paint(output, 'dim', new Date().toTimeString().slice(0, 8)), what.padEnd(9), describe(body), ...oddity, result].filter((part) => part !== '').join(' ')
  }
  return {
    listening: (emulator, certificate) => introduce(emulator, certificate, output),
    queued: (notification) => line('queued', notification, ''),
    attempted ({ notification, status, error }) {
      if (status === 200) return line('posted', notification, paint(output, 'green', '→ 200'))
      const answer = paint(output, 'red', `→ ${status ?? (error || 'no answer')}`)
      return line('posted', notification, `${answer}, attempt ${notification.attempts}, again in 60 s; it holds back all that follows`)
    },
    delivered: (notification) => line('taken', notification, paint(output, 'green', 'by deleteNotification')),
    expired: (notification) => line('expired', notification, paint(output, 'red', 'after 24 hours, and is lost'))
  }
}

/** For programs: an object a line, `event` says of what. */
export function makeJsonReport (): Report {
  const line = (event: string, members: object) => JSON.stringify({ event, ...members })
  return {
    listening (emulator, certificate) {
      const { idInstance, apiTokenInstance, settings: { webhookUrl } } = emulator.instance()
      return line('listening', { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance, webhookUrl, certificate })
    },
    queued: (notification) => line('queued', membersOf(notification)),
    attempted: ({ notification, status, error }) => line('attempted', { ...membersOf(notification), attempts: notification.attempts, status, error }),
    delivered: (notification) => line('delivered', membersOf(notification)),
    expired: (notification) => line('expired', membersOf(notification))
  }
}

function membersOf ({ receiptId, idInstance, body, fault }: QueuedNotification) {
  return { receiptId, idInstance, ...announcedBy(body), fault }
}

function introduce (emulator: Emulator, certificate: string | undefined, output: Output): string {
  const { idInstance, apiTokenInstance, settings: { webhookUrl } } = emulator.instance()
  const facts = {
    apiUrl: emulator.apiUrl,
    idInstance,
    apiTokenInstance,
    webhookUrl: webhookUrl === '' ? 'none: ask for notifications with receiveNotification, or set one' : webhookUrl,
    ...certificate !== undefined && { proxy: `HTTPS_PROXY=${emulator.apiUrl} NODE_EXTRA_CA_CERTS=${certificate} node bot.js` }
  }
  return [
    ...Object.entries(facts).map(([name, value]) => `${paint(output, 'bold', name.padEnd(16))} ${value}`),
    '',
    'Send a menu:',
    '',
    curlOf(emulator),
    ''
  ].join('\n')
}
