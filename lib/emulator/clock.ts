import { setImmediate } from 'node:timers/promises'
import { assertOption } from '../util/check-options.ts'

/** The options of an emulator's clock. */
export interface ClockOptions {
  /** How many times faster than real time it runs: with 60, a minute passes in a second. Above 0. Default: 1. */
  readonly speed?: number | undefined
  /** The time at the start: Unix time in milliseconds. Default: now. */
  readonly start?: number | undefined
}

/** Node's longest timeout; it fires a longer one at once. */
const maxTimeoutMs = 2 ** 31 - 1

interface Timer {
  readonly dueAt: number
  readonly fire: () => void
  timeout: NodeJS.Timeout
}

/** An emulator's clock. It can run faster than real time and jump forward. */
export class Clock {
  #speed: number
  readonly #timers = new Set<Timer>()
  /** A moment as `performance.now()` and the same moment by this clock. */
  #realMs = performance.now()
  #emulatedMs: number

  /** @throws {InvalidOptionError} if `speed` is not above 0 or `start` is not a number */
  constructor ({ speed = 1, start = Date.now() }: ClockOptions = {}) {
    assertSpeed(speed)
    assertOption(Number.isFinite(start), 'clock.start must be Unix time in milliseconds, such as Date.now()')
    this.#speed = speed
    this.#emulatedMs = start
  }

  /** Returns the clock's time: Unix time in milliseconds, with fractions. */
  now (): number {
    return this.#emulatedMs + (performance.now() - this.#realMs) * this.#speed
  }

  /** How many times faster than real time the clock runs. */
  get speed (): number {
    return this.#speed
  }

  /**
   * Changes the speed. Later events stay due at the same time of the clock.
   *
   * @throws {InvalidOptionError} if `speed` is not above 0
   */
  setSpeed (speed: number): void {
    assertSpeed(speed)
    this.#jumpTo(this.now())
    this.#speed = speed
    this.#rescheduleTimers()
  }

  /** Calls `callback` after this many milliseconds of the clock. Returns a function that cancels the call. */
  after (milliseconds: number, callback: () => void): () => void {
    const cancel = () => {
      clearTimeout(timer.timeout)
      this.#timers.delete(timer)
    }
    const fire = () => {
      cancel()
      callback()
    }
    const timer: Timer = { dueAt: this.now() + milliseconds, fire, timeout: this.#setTimeout(fire, milliseconds) }
    this.#timers.add(timer)
    return cancel
  }

  /** Resolves after this many milliseconds of the clock, or as soon as `signal` aborts. Never rejects. */
  sleep (milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const wake = () => {
        cancel()
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const cancel = this.after(milliseconds, wake)
      signal?.addEventListener('abort', wake)
    })
  }

  /**
   * Jumps forward by this many milliseconds. Everything due in between happens, in order and at its
   * time, including what it starts in turn. Work that waits for something other than this clock, such
   * as an HTTP answer, is not awaited.
   */
  async advance (milliseconds: number): Promise<void> {
    const end = this.now() + milliseconds
    for (let timer = this.#firstDue(end); timer !== undefined; timer = this.#firstDue(end)) {
      this.#jumpTo(Math.max(timer.dueAt, this.now()))
      timer.fire()
      await setImmediate()
    }
    this.#jumpTo(Math.max(end, this.now()))
    this.#rescheduleTimers()
  }

  /** The timer that is due first, if it is due by `end`. */
  #firstDue (end: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.dueAt <= end && (first === undefined || timer.dueAt < first.dueAt)) first = timer
    }
    return first
  }

  #rescheduleTimers (): void {
    const now = this.now()
    for (const timer of this.#timers) {
      clearTimeout(timer.timeout)
      timer.timeout = this.#setTimeout(timer.fire, timer.dueAt - now)
    }
  }

  #jumpTo (moment: number): void {
    this.#emulatedMs = moment
    this.#realMs = performance.now()
  }

  // Unref: a pending timer does not keep the process running. A listening emulator does.
  #setTimeout (callback: () => void, milliseconds: number): NodeJS.Timeout {
    return setTimeout(callback, Math.min(Math.max(0, milliseconds) / this.#speed, maxTimeoutMs)).unref()
  }
}

function assertSpeed (speed: number): void {
  assertOption(
    speed > 0 && speed < Infinity,
    'clock.speed must be a number above 0: 1 is real time, with 60 a minute passes in a second'
  )
}
