import { clearLine, cursorTo } from 'node:readline'
import type { Terminal } from '../terminal.ts'

export interface Progress {
  /** Moves forward by `size` bytes, and shows a message. */
  advance (this: void, size: number, message: string): void
  end (this: void, message: string): void
}

const barWidth = 30

/** Shows a progress bar on stderr if `enabled` and stderr is a terminal. `size` is the total in bytes. */
export function showProgress (
  { stderr }: Pick<Terminal, 'stderr'>, { size, enabled }: { size: number, enabled: boolean }
): Progress {
  if (!enabled || stderr.isTTY !== true) return { advance () {}, end () {} }
  let done = 0
  const draw = (message: string) => {
    const width = Math.round(barWidth * Math.min(1, size === 0 ? 1 : done / size))
    cursorTo(stderr, 0)
    stderr.write(`${'━'.repeat(width)}${'─'.repeat(barWidth - width)} ${message}`)
    clearLine(stderr, 1)
  }
  draw('0 sent')
  return {
    advance (size, message) {
      done += size
      draw(message)
    },
    end (message) {
      draw(message)
      stderr.write('\n')
    }
  }
}
