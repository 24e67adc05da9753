import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { Store, type PendingEntry } from './store.ts'

type Method = 'add' | 'retry' | 'discard' | 'remove' | 'postpone' | 'bury' |
  'pendingCount' | 'deadLetterCount' | 'deadLetters'

/** A call of a method of the store. */
export type Call = { [Name in Method]: readonly [Name, ...Parameters<Store[Name]>] }[Method]
export type NumberedCall = readonly [number, Call]
export interface Settings { readonly path: string, readonly concurrency: number, readonly backoff: number }

export interface Reply {
  /** What calls returned, or their errors, by the numbers of the requests. */
  readonly results: ReadonlyArray<readonly [number, unknown]>
  /** The entries to deliver. None of them follows again before the result of its delivery is written. */
  readonly entries: readonly PendingEntry[]
  /** The milliseconds until the next delivery, if one waits for its time. */
  readonly pause: number | undefined
  /** Why results of deliveries cannot be written, or entries cannot be read. Both are repeated until they succeed. */
  readonly error: unknown
}

/** The pause after a failure, in milliseconds. */
const pauseMs = 1000

/** How many calls always share a transaction. */
const batchSize = 32

/**
 * Opens the store, and serves calls. Those that arrive during a transaction share the next one. If they are many, only
 * half of them do, so that the main thread can continue with their results during the transaction of the others.
 */
export function serve ({ path, concurrency, backoff }: Settings, port: MessagePort): void {
  const store = new Store(path)
  // It is not possible on a full disk. Entries can be delivered without it.
  try { store.change(false, () => { store.recover(backoff) }) } catch {}
  const calls: NumberedCall[] = []
  /** The ids of the entries that are being delivered, or whose result is not written. */
  const running = new Set<unknown>()
  let isOpen = true
  let isStarted = false
  let next: NodeJS.Immediate | undefined
  let nextDue: NodeJS.Timeout | undefined

  const receive = (message: readonly NumberedCall[] | 'start' | 'close') => {
    if (message === 'close') return close()
    if (message === 'start') isStarted = true
    else calls.push(...message)
    schedule()
  }
  const schedule = () => { next ??= setImmediate(run) }

  const run = () => {
    next = undefined
    if (!isOpen) return
    const results: Array<[number, unknown]> = []
    let error: unknown
    const batch = calls.splice(0, Math.max(batchSize, calls.length / 2))
    if (calls.length > 0) schedule()
    for (const [[number, call], result] of write(store, batch)) {
      if (isResult(call) && result instanceof Error) {
        error = result
        setTimeout(receive, pauseMs, [[number, call]]).unref()
      } else {
        results.push([number, result])
        // The id of the entry, if the call has one.
        running.delete(call[1])
      }
    }
    clearTimeout(nextDue)
    let due: ReturnType<Store['due']> = { entries: [], pause: undefined }
    try {
      if (isStarted && running.size < concurrency) due = store.due(concurrency - running.size, [...running])
    } catch (failure) {
      error = failure
      isStarted = false
      setTimeout(receive, pauseMs, 'start').unref()
    }
    for (const { id } of due.entries) running.add(id)
    if (due.pause !== undefined) nextDue = setTimeout(schedule, due.pause).unref()
    port.postMessage({ results, ...due, error } satisfies Reply)
  }
  const close = () => {
    do run(); while (calls.length > 0)
    isOpen = false
    store.close()
    port.close()
  }

  port.on('message', receive)
  port.postMessage('open')
}

/** Makes all calls in one transaction, or each alone if that fails. Returns the calls and what they returned. */
function write (store: Store, calls: readonly NumberedCall[]): Array<[NumberedCall, unknown]> {
  // After a loss of power, a delivery whose result is lost is repeated.
  const isDurable = !calls.every(([, call]) => isResult(call))
  // TypeScript does not relate a method in a union to its arguments.
  const apply = ([, [name, ...values]]: NumberedCall): unknown => Reflect.apply(store[name], store, values)
  try {
    return store.change(isDurable, () => calls.map((call) => [call, apply(call)]))
  } catch (error) {
    // A call that fails must not prevent the others. On a full disk, the result of a delivery may free space.
    return calls.flatMap((call) => calls.length > 1 ? write(store, [call]) : [[call, error]])
  }
}

/** Whether a call is the result of a delivery. The thread repeats it until it is written. */
export function isResult ([name]: Call): boolean { return ['remove', 'postpone', 'bury'].includes(name) }

// This module is the program of the inbox's thread. It may also be part of a program that runs in a thread of its own.
if (parentPort !== null && workerData?.sqliteInbox !== undefined) serve(workerData.sqliteInbox, parentPort)
