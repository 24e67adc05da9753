import type { Readable, Writable } from 'node:stream'
import { styleText } from 'node:util'

/** What a command writes to. */
export interface Output extends Writable {
  isTTY?: boolean
}

/** What a command reads, where a person types. */
export interface Input extends Readable {
  isTTY?: boolean
  setRawMode?(mode: boolean): unknown
}

/** Where a command reads and writes, and what ends it. */
export interface Terminal {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal
}

/** Writes lines. */
export function print (output: Output, ...lines: readonly string[]): void {
  output.write(lines.map((line) => `${line}\n`).join(''))
}

/** A color, or the like. */
export type Paint = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold'

/** The text in a color, where the output shows colors and the environment does not forbid them. */
export function paint (output: Output, format: Paint, text: string): string {
  return styleText(format, text, { stream: output })
}

/** What somebody else wrote, without anything that a terminal would obey. */
export function plain (text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  return text.replace(/[\0-\x1f\x7f-\x9f]+/g, ' ').trim()
}
