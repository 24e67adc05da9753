import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until something is so. */
export async function until (condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${String(condition)}`)
    await sleep(5)
  }
}
