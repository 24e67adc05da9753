import { listenerEndChannel, listenerStartChannel, outcomeChannel, unauthorizedChannel } from './channels.ts'
import type { ListenerMessage, OutcomeMessage, UnauthorizedMessage } from './messages.ts'

/** Whether anybody wants to hear of the calls of listeners. */
export function areCallsWatched (): boolean {
  return listenerStartChannel.hasSubscribers || listenerEndChannel.hasSubscribers
}

/** Tells that a listener is called. What it returns is to be called when that has ended, with what it failed with if it did. */
export function announceCall (call: Omit<ListenerMessage, 'startedAt'>): (failure?: { error: unknown }) => void {
  const message: ListenerMessage = { ...call, startedAt: performance.now() }
  listenerStartChannel.publish(message)
  return (failure) => {
    Object.assign(message, { duration: performance.now() - message.startedAt }, failure)
    listenerEndChannel.publish(message)
  }
}

/** Tells what became of a notification. Ask `outcomes.hasSubscribers` before, so that it costs nothing where nobody listens. */
export function announceOutcome (message: OutcomeMessage): void {
  outcomeChannel.publish(message)
}

/** Tells that a request was answered 401. */
export function announceRefusal (message: UnauthorizedMessage): void {
  if (unauthorizedChannel.hasSubscribers) unauthorizedChannel.publish(message)
}
