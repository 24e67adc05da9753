import { AsyncLocalStorage } from 'node:async_hooks'
import { listenerEndChannel, listenerStartChannel, outcomeChannel, recognizeChannel } from '../diagnostics/channels.ts'
import type { ListenerMessage, OutcomeMessage, RecognizeMessage } from '../diagnostics/messages.ts'
import type { GreenApiEmitter } from '../delivery/emitter.ts'
import type { Event, Unrecognized } from '../events/event-map.ts'
import { Watch } from './watch.ts'

// All watches share one subscription, which finds those that a message is for: if each had its own,
// every message would pass through every one of them.
const watches = new Set<Watch>()
const watchesById = new Map<string, Set<Watch>>()
const current = new AsyncLocalStorage<Watch>()

/** Does the work, and watches what comes of a notification on this emitter until it is done. */
export async function watching<Result> (emitter: GreenApiEmitter, notification: Event | Unrecognized, work: (watch: Watch) => Promise<Result>): Promise<Result> {
  const watch = new Watch(emitter)
  if (watches.size === 0) subscribe()
  watches.add(watch)
  lookOutFor(watch, notification)
  try {
    // Of what is published in its course, however long after, it is known that it is its own.
    return await current.run(watch, work, watch)
  } finally {
    end(watch)
  }
}

/** The notification that an event is about; `undefined` where it is about none. */
export function aboutWhat (event: ListenerMessage['event']): Event | Unrecognized | undefined {
  if (event.name === 'pollingStopped') return undefined
  return event.name === 'failed' ? event.event : event
}

function lookOutFor (watch: Watch, { id }: Event | Unrecognized): void {
  watch.ids.add(id)
  watchesById.set(id, (watchesById.get(id) ?? new Set()).add(watch))
}

function end (watch: Watch): void {
  watches.delete(watch)
  if (watches.size === 0) unsubscribe()
  for (const id of watch.ids) {
    const others = watchesById.get(id)
    others?.delete(watch)
    if (others?.size === 0) watchesById.delete(id)
  }
}

function subscribe (): void {
  recognizeChannel.end.subscribe(onRecognition)
  listenerStartChannel.subscribe(onCall)
  listenerEndChannel.subscribe(onCall)
  outcomeChannel.subscribe(onOutcome)
}

function unsubscribe (): void {
  recognizeChannel.end.unsubscribe(onRecognition)
  listenerStartChannel.unsubscribe(onCall)
  listenerEndChannel.unsubscribe(onCall)
  outcomeChannel.unsubscribe(onOutcome)
}

// The channels carry nothing else.
function onRecognition (message: unknown): void {
  const { emitter, event } = message as RecognizeMessage
  const watch = ownWatch(emitter)
  // What is too large is known by another id than its whole text.
  if (watch !== undefined && event !== undefined) lookOutFor(watch, event)
}

function onCall (message: unknown): void {
  const call = message as ListenerMessage
  tell(call.emitter, aboutWhat(call.event), (watch, own) => { watch.noteCall(call, own) })
}

function onOutcome (message: unknown): void {
  const outcome = message as OutcomeMessage
  tell(outcome.emitter, outcome.event, (watch, own) => { watch.noteOutcome(outcome, own) })
}

function tell (emitter: object, notification: Event | Unrecognized | undefined, note: (watch: Watch, own: boolean) => void): void {
  if (notification === undefined) return
  const ownOne = ownWatch(emitter)
  if (ownOne !== undefined) note(ownOne, true)
  for (const watch of watchesById.get(notification.id) ?? []) {
    if (watch !== ownOne && watch.emitter === emitter) note(watch, false)
  }
}

/** The watch in the course of whose work this is published, if that still watches. */
function ownWatch (emitter: object): Watch | undefined {
  const watch = current.getStore()
  return watch !== undefined && watch.emitter === emitter && watches.has(watch) ? watch : undefined
}
