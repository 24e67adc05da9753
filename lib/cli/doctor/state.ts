import type { Finding, Level } from './finding.ts'

// GREEN-API replaces yellowCard with suspended: an instance may have either name for the same restriction.
const restricted = [
  'warning',
  'WhatsApp restricts the account because of suspected spam, and delays messages for up to 24 hours',
  "send fewer messages, only to people who know the account, and reboot the instance in GREEN-API's console"
] as const

const states: Readonly<Record<string, readonly [level: Level, message: string, fix: string]>> = {
  notAuthorized: [
    'problem',
    'no WhatsApp account is linked, so nothing is sent or received',
    "scan the QR code in GREEN-API's console with the phone"
  ],
  pendingCode: [
    'problem',
    'linking the account requires a code',
    "enter the code in GREEN-API's console"
  ],
  pendingPassword: [
    'problem',
    'linking the account requires its two-factor password',
    "enter the password in GREEN-API's console"
  ],
  blocked: [
    'problem',
    'the account is banned, so nothing is sent or received',
    'request a review in the WhatsApp app, or link another account'
  ],
  suspended: restricted,
  yellowCard: restricted,
  sleepMode: [
    'problem',
    'the phone is switched off, so nothing is sent or received',
    'switch the phone on, and wait 5 minutes'
  ],
  starting: [
    'warning',
    'the instance is starting, or rebooting after a change of settings',
    "wait 5 minutes, then reboot the instance in GREEN-API's console if it is still starting"
  ]
}

/** Checks whether the instance is authorized. */
export function checkState (stateInstance: string): Finding {
  const subject = 'stateInstance'
  if (stateInstance === 'authorized') return { level: 'ok', subject, message: 'authorized' }
  const unknown = ['warning', 'unknown state', "check the instance in GREEN-API's console"] as const
  const [level, message, fix] = states[stateInstance] ?? unknown
  return { level, subject, message: `${stateInstance}: ${message}`, fix }
}
