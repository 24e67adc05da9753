import type { Terminal } from '../terminal.ts'

/** How far it is. */
export interface Progress {
  /** So many bytes further, and what to say of it. */
  advance (this: void, size: number, message: string): void
  end (this: void, message: string): void
}

/** Shows a bar in a terminal, if it is wanted; elsewhere nothing. */
export async function showProgress ({ stdin, stderr }: Terminal, { size, wanted }: { size: number, wanted: boolean }): Promise<Progress> {
  if (!wanted || stderr.isTTY !== true) return { advance () {}, end () {} }
  const { progress } = await import('@clack/prompts')
  const bar = progress({ max: size, output: stderr, withGuide: false })
  bar.start('0 sent')
  // It reads keys, to end the process itself on Ctrl+C, and as if all were well. A signal is to end it.
  stdin.removeAllListeners('keypress')
  stdin.setRawMode?.(false)
  return { advance: bar.advance, end: bar.stop }
}
