/** How the emulator's time passes. */
export interface ClockOptions {
  /** How many seconds pass in one: with 60, the minute between two attempts takes a second. Default: 1. */
  readonly speed?: number | undefined
}

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
  #emulated = Date.now()

  constructor ({ speed = 1 }: ClockOptions = {}) {
    if (!(speed > 0 && speed < Infinity)) throw new RangeError('clock.speed must be a number above 0: 1 is real time, 60 a minute in a second')
    this.#speed = speed
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
    const alarm: Alarm = { due: this.now() + milliseconds, ring, timer: setTimeout(ring, milliseconds / this.#speed) }
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

  /** Leaps ahead by so many milliseconds: what would have come to an end meanwhile does so now. */
  advance (milliseconds: number): void {
    this.#emulated = this.now() + milliseconds
    this.#real = performance.now()
    const now = this.now()
    for (const alarm of this.#alarms) {
      clearTimeout(alarm.timer)
      alarm.timer = setTimeout(alarm.ring, Math.max(0, alarm.due - now) / this.#speed)
    }
  }
}
