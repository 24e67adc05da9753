import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { readLedger } from './ledger.ts'
import type { ReplicaProcess } from './replica-process.ts'
import { Sender } from './sender.ts'

export interface Endurance {
  /** The number of chats with concurrent messages. */
  readonly chats: number
  /** The minimum number of acknowledged notifications. */
  readonly notifications: number
  /** The minimum number of calls of `harm`. */
  readonly kills: number
}

/** Sends until both minimums of the endurance are reached, then waits until everything is delivered. */
export async function endure (
  t: Test,
  replicas: readonly ReplicaProcess[],
  ledger: string,
  harm: () => Promise<void>,
  { chats, notifications, kills }: Endurance
): Promise<void> {
  const urls = () => replicas.map(({ url }) => url)
  const senders = Array.from({ length: chats }, (_, index) => new Sender(`7900000${1000 + index}@c.us`, urls))
  const sending = Promise.all(senders.map((sender) => sender.send(5)))
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acknowledged, 0)
  for (let done = 0; done < kills || acknowledged() < notifications; done++) {
    const before = acknowledged()
    await sleep(100 + Math.random() * 500)
    // A replica makes no progress on a slow machine if it is killed before it delivers again.
    while (acknowledged() < before + chats) await sleep(20)
    await harm()
  }
  for (const sender of senders) sender.stop()
  await sending

  for (const { url } of replicas) {
    while (await (await fetch(`${url}/size`)).json() !== 0) await sleep(50)
    t.equal(await (await fetch(`${url}/failed`)).json(), 0, 'no dead letters')
  }
  const accounts = readLedger(ledger)
  let repeats = 0
  for (const { chat, acknowledged } of senders) {
    const account = accounts.get(chat)
    const delivered = account?.delivered ?? []
    t.strictSame(delivered, delivered.map((_, index) => index), `${chat}: in order, without gaps`)
    t.ok(delivered.length >= acknowledged, `${chat}: ${delivered.length} delivered, ${acknowledged} answered 200`)
    t.equal(account?.overlaps, 0, `${chat}: one at a time`)
    repeats += account?.repeats ?? 0
  }
  const killed = replicas.reduce((sum, { kills }) => sum + kills, 0)
  t.comment(`${acknowledged()} notifications answered 200, ${killed} kills, ${repeats} repeats`)
}
