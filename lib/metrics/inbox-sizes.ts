import type { GreenApiEmitter } from '../delivery/index.ts'
import type { InboxControl } from '../inbox/index.ts'
import { settlesWithin } from '../util/settles-within.ts'

/** How long a scrape waits for an inbox, whose Redis may be unreachable. */
const inboxTimeoutMs = 1000

/** A method of an inbox that returns a number of notifications. */
export type CountMethod = 'pendingCount' | 'deadLetterCount'

/** Returns the sum of the inboxes' counts; `undefined` without an inbox, or if one inbox does not answer. */
export async function sumInboxCounts (
  emitters: Iterable<GreenApiEmitter>,
  method: CountMethod
): Promise<number | undefined> {
  const inboxes = [...emitters].flatMap(inboxOf)
  if (inboxes.length === 0) return undefined
  const counts = await Promise.all(inboxes.map((inbox) => countIn(inbox, method)))
  let sum = 0
  for (const count of counts) {
    if (count === undefined) return undefined
    sum += count
  }
  return sum
}

function inboxOf (emitter: GreenApiEmitter): InboxControl[] {
  try {
    return [emitter.inbox]
  } catch {
    // The getter throws only when there is no inbox.
    return []
  }
}

async function countIn (inbox: InboxControl, method: CountMethod): Promise<number | undefined> {
  let count: number | undefined
  await settlesWithin(call(inbox, method).then((result) => { count = result }, () => {}), inboxTimeoutMs)
  return count
}

// Turns an exception into a rejection: an inbox of a user may throw.
async function call (inbox: InboxControl, method: CountMethod): Promise<number> {
  return await inbox[method]()
}
