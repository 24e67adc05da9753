import type { Readable, Writable } from 'node:stream'
import { styleText } from 'node:util'

export interface Output extends Writable {
  isTTY?: boolean
}

export interface Input extends Readable {
  isTTY?: boolean
  setRawMode?(mode: boolean): unknown
}

/** The streams of a command, and the signal that stops it. */
export interface Terminal {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly signal: AbortSignal
}

export function print (output: Output, ...lines: readonly string[]): void {
  output.write(lines.map((line) => `${line}\n`).join(''))
}

export type TextStyle = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold'

/** Styles a text if the output is a terminal with colors and the environment (`NO_COLOR`) allows it. */
export function paint (output: Output, style: TextStyle, text: string): string {
  return styleText(style, text, { stream: output })
}

/** Removes control characters, so that a text from outside cannot send commands to the terminal. */
export function stripControlCharacters (text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  return text.replace(/[\0-\x1f\x7f-\x9f]+/g, ' ').trim()
}
