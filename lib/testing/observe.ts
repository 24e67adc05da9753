import { AsyncLocalStorage } from 'node:async_hooks'
import {
  listenerEndChannel, listenerStartChannel, outcomeChannel, recognizeChannel, type ListenerMessage,
  type OutcomeMessage, type RecognizeMessage
} from '../diagnostics/index.ts'
import type { GreenApiEmitter } from '../delivery/index.ts'
import type { Event, Unrecognized } from '../events/index.ts'
import { settlesWithin } from '../util/settles-within.ts'

type Notification = Event | Unrecognized

/** Collects what the diagnostics channels publish about one notification while a task runs. */
export class NotificationObserver {
  readonly emitter: GreenApiEmitter
  /** The ids of the notification. */
  readonly ids = new Set<string>()
  /** The calls of listeners in the order of their start. The value is `true` if the task itself caused the call. */
  readonly calls = new Map<ListenerMessage, boolean>()
  /** The published outcomes in their order. `own` is `true` if the task itself caused the outcome. */
  readonly outcomes: Array<{ readonly message: OutcomeMessage, readonly own: boolean }> = []
  #onOutcome = () => {}

  constructor (emitter: GreenApiEmitter) {
    this.emitter = emitter
  }

  /** Adds a call of a listener. The channels publish the same message at its start and at its end. */
  addCall (message: ListenerMessage, own: boolean): void {
    if (!this.calls.has(message)) this.calls.set(message, own)
  }

  addOutcome (message: OutcomeMessage, own: boolean): void {
    this.outcomes.push({ message, own })
    this.#onOutcome()
  }

  /** Waits until `find` returns a value; `undefined` after the timeout. */
  async waitFor<Found> (find: () => Found | undefined, timeoutMs: number): Promise<Found | undefined> {
    const found = find()
    if (found !== undefined) return found
    let later: Found | undefined
    await settlesWithin(new Promise<void>((resolve) => {
      this.#onOutcome = () => {
        later ??= find()
        if (later !== undefined) resolve()
      }
    }), timeoutMs)
    return later
  }
}

// All observers share one subscription, which looks up the observers of a message. With a subscription each, the
// cost of a message would grow with the number of observers.
const observers = new Set<NotificationObserver>()
const observersById = new Map<string, Set<NotificationObserver>>()
const current = new AsyncLocalStorage<NotificationObserver>()

/** Runs a task, and observes a notification of this emitter until the task ends. */
export async function observe<Result> (
  emitter: GreenApiEmitter, notification: Notification, task: (observer: NotificationObserver) => Promise<Result>
): Promise<Result> {
  const observer = new NotificationObserver(emitter)
  if (observers.size === 0) subscribe()
  observers.add(observer)
  addId(observer, notification)
  try {
    // The asynchronous context marks everything that the task causes, at any later time.
    return await current.run(observer, task, observer)
  } finally {
    remove(observer)
  }
}

/** The notification of an event; `undefined` for an event that is not about a notification. */
export function notificationOf (event: ListenerMessage['event']): Notification | undefined {
  if (event.name === 'pollingStopped') return undefined
  return event.name === 'failed' ? event.event : event
}

function addId (observer: NotificationObserver, { id }: Notification): void {
  observer.ids.add(id)
  observersById.set(id, (observersById.get(id) ?? new Set()).add(observer))
}

function remove (observer: NotificationObserver): void {
  observers.delete(observer)
  if (observers.size === 0) unsubscribe()
  for (const id of observer.ids) {
    const others = observersById.get(id)
    others?.delete(observer)
    if (others?.size === 0) observersById.delete(id)
  }
}

function subscribe (): void {
  recognizeChannel.end.subscribe(onRecognized)
  listenerStartChannel.subscribe(onCall)
  listenerEndChannel.subscribe(onCall)
  outcomeChannel.subscribe(onOutcome)
}

function unsubscribe (): void {
  recognizeChannel.end.unsubscribe(onRecognized)
  listenerStartChannel.unsubscribe(onCall)
  listenerEndChannel.unsubscribe(onCall)
  outcomeChannel.unsubscribe(onOutcome)
}

// Each channel publishes one type of message.
function onRecognized (message: unknown): void {
  const { emitter, event } = message as RecognizeMessage
  const observer = currentObserver(emitter)
  // A body that exceeds the limit has another id than the whole text.
  if (observer !== undefined && event !== undefined) addId(observer, event)
}

function onCall (message: unknown): void {
  const call = message as ListenerMessage
  const notification = notificationOf(call.event)
  if (notification !== undefined) notify(call.emitter, notification, (observer, own) => { observer.addCall(call, own) })
}

function onOutcome (message: unknown): void {
  const outcome = message as OutcomeMessage
  notify(outcome.emitter, outcome.event, (observer, own) => { observer.addOutcome(outcome, own) })
}

function notify (
  emitter: object, { id }: Notification, add: (observer: NotificationObserver, own: boolean) => void
): void {
  const own = currentObserver(emitter)
  if (own !== undefined) add(own, true)
  for (const observer of observersById.get(id) ?? []) {
    if (observer !== own && observer.emitter === emitter) add(observer, false)
  }
}

/** The running observer whose task caused the current message. */
function currentObserver (emitter: object): NotificationObserver | undefined {
  const observer = current.getStore()
  return observer !== undefined && observer.emitter === emitter && observers.has(observer) ? observer : undefined
}
