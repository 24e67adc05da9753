import type { Terminal } from '../terminal.ts'

export interface Progress {
  /** Moves forward by `size` bytes, and shows a message. */
  advance (this: void, size: number, message: string): void
  end (this: void, message: string): void
}

/** Shows a progress bar on stderr if `enabled` and stderr is a terminal. `size` is the total in bytes. */
export async function showProgress (
  { stdin, stderr }: Terminal, { size, enabled }: { size: number, enabled: boolean }
): Promise<Progress> {
  if (!enabled || stderr.isTTY !== true) return { advance () {}, end () {} }
  const { progress } = await import('@clack/prompts')
  const bar = progress({ max: size, output: stderr, withGuide: false })
  bar.start('0 sent')
  // clack reads keys in raw mode and exits the process with 0 on Ctrl+C. Without that, Ctrl+C is a signal again.
  stdin.removeAllListeners('keypress')
  stdin.setRawMode?.(false)
  return { advance: bar.advance, end: bar.stop }
}
