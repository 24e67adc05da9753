import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition holds. Throws after 20 s. */
export async function until (condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`timed out after 20 s: ${String(condition)}`)
    await sleep(5)
  }
}
