import { readFileSync } from 'node:fs'
import type { Line } from './messages.ts'

/** The deliveries of one chat in a ledger. */
export interface Account {
  /** The delivered numbers, in the order in which their first deliveries ended. */
  readonly delivered: number[]
  /** How many deliveries were repeats. */
  repeats: number
  /** How many first deliveries began while another one was running. */
  overlaps: number
}

/** Reads a ledger by chat. A delivery that failed or crashed has a beginning without an end. */
export function readLedger (file: string): Map<string, Account> {
  const accounts = new Map<string, Account>()
  const running = new Map<string, number>()
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (text === '') continue
    const { what, chat, number }: Line = JSON.parse(text)
    const account = accounts.get(chat) ?? { delivered: [], repeats: 0, overlaps: 0 }
    accounts.set(chat, account)
    if (account.delivered.includes(number)) {
      if (what === 'end') account.repeats++
    } else if (what === 'begin') {
      running.set(chat, number)
    } else {
      if (running.get(chat) !== number) account.overlaps++
      account.delivered.push(number)
    }
  }
  return accounts
}
