import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { readLedger } from './ledger.ts'
import type { ReplicaProcess } from './replica-process.ts'
import { Sender } from './sender.ts'

export interface Endurance {
  /** How many chats are written in at once. */
  readonly chats: number
  /** How many notifications are acknowledged at least. */
  readonly notifications: number
  /** How often `harm` is called at least. */
  readonly kills: number
}

/** Sends until enough was acknowledged and `harm` has returned often enough, then waits until all is delivered. */
export async function endure (
  t: Test, replicas: readonly ReplicaProcess[], ledger: string, harm: () => Promise<void>, { chats, notifications, kills }: Endurance
): Promise<void> {
  const senders = Array.from({ length: chats }, (_, index) => new Sender(`7900000${1000 + index}@c.us`, () => replicas.map(({ url }) => url)))
  const sending = Promise.all(senders.map((sender) => sender.send(5)))
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acknowledged, 0)
  for (let done = 0; done < kills || acknowledged() < notifications; done++) {
    const before = acknowledged()
    await sleep(100 + Math.random() * 500)
    // However slow the machine: what is harmed before it is back at work would never get anywhere.
    while (acknowledged() < before + chats) await sleep(20)
    await harm()
  }
  for (const sender of senders) sender.stop()
  await sending

  for (const { url } of replicas) {
    while (await (await fetch(`${url}/size`)).json() !== 0) await sleep(50)
    t.equal(await (await fetch(`${url}/failed`)).json(), 0, 'nothing was given up')
  }
  const accounts = readLedger(ledger)
  let repeats = 0
  for (const { chat, acknowledged } of senders) {
    const account = accounts.get(chat)
    const delivered = account?.delivered ?? []
    t.strictSame(delivered, delivered.map((_, index) => index), `${chat}: in order, with no gap`)
    t.ok(delivered.length >= acknowledged, `${chat}: all ${acknowledged} that were answered 200 of ${delivered.length}`)
    t.equal(account?.overlaps, 0, `${chat}: one at a time`)
    repeats += account?.repeats ?? 0
  }
  t.comment(`${acknowledged()} notifications were answered 200, ${replicas.reduce((sum, { kills }) => sum + kills, 0)} kills, ${repeats} repeats`)
}
