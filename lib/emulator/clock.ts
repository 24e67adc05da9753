import { setImmediate } from 'node:timers/promises'
import { assertOption } from '../util/check-options.ts'

/** How the emulator's time passes. */
export interface ClockOptions {
  /** How many seconds pass in one: with 60, the minute between two attempts takes a second. Default: 1. */
  readonly speed?: number | undefined
  /** When it begins, in Unix time in milliseconds. Default: now. */
  readonly start?: number | undefined
}

/** A timer fires at once beyond that. */
const longestTimeout = 2 ** 31 - 1

interface Alarm {
  readonly due: number
  readonly ring: () => void
  timer: NodeJS.Timeout
}

/** The emulator's own time, which may pass faster than the real one, and leap ahead. In milliseconds, as `Date.now()`. */
export class Clock {
  readonly #speed: number
  readonly #alarms = new Set<Alarm>()
  /** A moment of the real time, and what it was in this one. */
  #real = performance.now()
  #emulated: number

  constructor ({ speed = 1, start = Date.now() }: ClockOptions = {}) {
    assertOption(speed > 0 && speed < Infinity, 'clock.speed must be a number above 0: 1 is real time, 60 a minute in a second')
    assertOption(Number.isFinite(start), 'clock.start must be Unix time in milliseconds, as Date.now() says it')
    this.#speed = speed
    this.#emulated = start
  }

  /** Unix time in milliseconds. */
  now (): number {
    return this.#emulated + (performance.now() - this.#real) * this.#speed
  }

  /** Calls back after so many milliseconds of this time. Returns what keeps it from doing so. */
  after (milliseconds: number, callback: () => void): () => void {
    const cancel = () => {
      clearTimeout(alarm.timer)
      this.#alarms.delete(alarm)
    }
    const ring = () => {
      cancel()
      callback()
    }
    const alarm: Alarm = { due: this.now() + milliseconds, ring, timer: this.#set(ring, milliseconds) }
    this.#alarms.add(alarm)
    return cancel
  }

  /** Waits for so many milliseconds of this time, or until the signal is aborted, whichever is first. */
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
   * Leaps ahead by so many milliseconds: what would come to an end meanwhile does so now, each at its
   * time, and so does what that begins, unless it waits for something else than this time.
   */
  async advance (milliseconds: number): Promise<void> {
    const end = this.now() + milliseconds
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#leap(Math.max(next.due, this.now()))
      next.ring()
      await setImmediate()
    }
    this.#leap(Math.max(end, this.now()))
    for (const alarm of this.#alarms) {
      clearTimeout(alarm.timer)
      alarm.timer = this.#set(alarm.ring, alarm.due - end)
    }
  }

  /** The alarm that rings first, if that is before the moment. */
  #next (moment: number): Alarm | undefined {
    let first: Alarm | undefined
    for (const alarm of this.#alarms) if (alarm.due <= moment && (first === undefined || alarm.due < first.due)) first = alarm
    return first
  }

  #leap (moment: number): void {
    this.#emulated = moment
    this.#real = performance.now()
  }

  // It keeps no process from ending, which an emulator that listens does.
  #set (ring: () => void, milliseconds: number): NodeJS.Timeout {
    return setTimeout(ring, Math.min(Math.max(0, milliseconds) / this.#speed, longestTimeout)).unref()
  }
}
