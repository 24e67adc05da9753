import { readFileSync } from 'node:fs'
import type { Line } from './messages.ts'

/** What a ledger says of one chat. */
export interface Account {
  /** The numbers that were delivered, in the order in which that first ended. */
  readonly delivered: number[]
  /** How often one was delivered that had been before. */
  repeats: number
  /** How often one was begun, not for a repeat, before the one that was at work had ended. */
  overlaps: number
}

/** Reads a ledger, chat by chat. What was begun and never ended was cut short, by a failure or a crash. */
export function readLedger (file: string): Map<string, Account> {
  const accounts = new Map<string, Account>()
  const atWork = new Map<string, number>()
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (text === '') continue
    const { what, chat, number }: Line = JSON.parse(text)
    const account = accounts.get(chat) ?? { delivered: [], repeats: 0, overlaps: 0 }
    accounts.set(chat, account)
    if (account.delivered.includes(number)) {
      if (what === 'end') account.repeats++
    } else if (what === 'begin') {
      atWork.set(chat, number)
    } else {
      if (atWork.get(chat) !== number) account.overlaps++
      account.delivered.push(number)
    }
  }
  return accounts
}
