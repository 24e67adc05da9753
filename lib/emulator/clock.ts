/** How the emulator's time passes. */
export interface ClockOptions {
  /** How many seconds pass in one: with 60, the minute between two attempts takes a second. Default: 1. */
  readonly speed?: number | undefined
}

interface Sleeper {
  readonly due: number
  readonly wake: () => void
  timer: NodeJS.Timeout
}

/** The emulator's own time, which may pass faster than the real one, and leap ahead. In milliseconds, as `Date.now()`. */
export class Clock {
  readonly #speed: number
  readonly #sleepers = new Set<Sleeper>()
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

  /** Waits for so many milliseconds of this time, or until the signal is aborted, whichever is first. */
  sleep (milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const wake = () => {
        clearTimeout(sleeper.timer)
        this.#sleepers.delete(sleeper)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const sleeper: Sleeper = { due: this.now() + milliseconds, wake, timer: setTimeout(wake, milliseconds / this.#speed) }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', wake)
    })
  }

  /** Leaps ahead by so many milliseconds: what would have come to an end meanwhile does so now. */
  advance (milliseconds: number): void {
    this.#emulated = this.now() + milliseconds
    this.#real = performance.now()
    const now = this.now()
    for (const sleeper of this.#sleepers) {
      clearTimeout(sleeper.timer)
      sleeper.timer = setTimeout(sleeper.wake, Math.max(0, sleeper.due - now) / this.#speed)
    }
  }
}
