import type { Finding, Level } from './finding.ts'

const states: Readonly<Record<string, readonly [level: Level, message: string, fix: string]>> = {
  notAuthorized: ['problem', 'no account is linked to the instance, so nothing is sent or received', "scan the QR code in GREEN-API's console with the phone"],
  pendingCode: ['problem', 'linking the account waits for a code', "enter the code in GREEN-API's console"],
  pendingPassword: ['problem', 'linking the account waits for the password of its two-factor authentication', "enter the password in GREEN-API's console"],
  blocked: ['problem', 'the account is banned, so nothing is sent or received', 'ask for a review in the app, or link another account'],
  suspended: ['warning', 'the account is restricted for a while: part of what it sends is held back', 'send less, and to those who know it; wait until the restriction ends'],
  yellowCard: ['warning', 'sending is held back for suspected spam: what is sent waits for up to 24 hours', "send less, and to those who know it; reboot the instance in GREEN-API's console"],
  sleepMode: ['warning', 'the phone was switched off: until it is back nothing is sent or received', 'switch it on, and wait for 5 minutes'],
  starting: ['warning', 'the instance is starting, or rebooting after a change of its settings', "wait for 5 minutes; if it is so still, reboot it in GREEN-API's console"]
}

/** Judges the state of an instance. */
export function checkState (stateInstance: string): Finding {
  const subject = 'stateInstance'
  if (stateInstance === 'authorized') return { level: 'ok', subject, message: 'authorized' }
  const [level, message, fix] = states[stateInstance] ?? ['warning', 'it is not known what that means', "look into GREEN-API's console"]
  return { level, subject, message: `${stateInstance}: ${message}`, fix }
}
