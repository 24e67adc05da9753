import type { GreenApiEmitter } from '../delivery/emitter.ts'
import type { InboxControl } from '../inbox/control.ts'
import { settlesWithin } from '../util/settles-within.ts'

/** In milliseconds: how long a scrape waits for an inbox, whose Redis may be away. */
const patience = 1000

/** What is asked of each inbox. */
type Size = 'pendingCount' | 'deadLetterCount'

/** How many notifications the inboxes of all these have, by their own count; `undefined` where none has an inbox, or one does not say. */
export async function sizeOfAll (emitters: Iterable<GreenApiEmitter>, size: Size): Promise<number | undefined> {
  const inboxes = [...emitters].flatMap(inboxOf)
  const sizes = await Promise.all(inboxes.map((inbox) => sizeOf(inbox, size)))
  return sizes.reduce((sum, size) => sum === undefined || size === undefined ? undefined : sum + size, sizes.length === 0 ? undefined : 0)
}

function inboxOf (emitter: GreenApiEmitter): InboxControl[] {
  try {
    return [emitter.inbox]
  } catch {
    // There is none, which is all that it throws for.
    return []
  }
}

async function sizeOf (inbox: InboxControl, size: Size): Promise<number | undefined> {
  let told: number | undefined
  await settlesWithin(ask(inbox, size).then((found) => { told = found }, () => {}), patience)
  return told
}

// An inbox of somebody else's may throw where it should reject.
async function ask (inbox: InboxControl, size: Size): Promise<number> {
  return await inbox[size]()
}
