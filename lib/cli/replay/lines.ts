import type { Readable } from 'node:stream'

/** A line of a file, of which no more than a line is in memory. */
export interface Line {
  /** The first one's is 1. */
  readonly number: number
  readonly text: string
  /** How many bytes it takes. */
  readonly size: number
}

const newline = 0x0A

/**
 * Cuts a stream of bytes into lines. Node's readline would also cut at U+2028 and U+2029, which
 * JSON does not escape.
 */
export async function * readLines (stream: Readable): AsyncGenerator<Line> {
  let number = 0
  let pieces: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      yield toLine(++number, [...pieces, chunk.subarray(from, end + 1)])
      pieces = []
      from = end + 1
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from))
  }
  if (pieces.length > 0) yield toLine(++number, pieces)
}

function toLine (number: number, pieces: readonly Buffer[]): Line {
  const bytes = Buffer.concat(pieces)
  const text = bytes.toString().trim()
  return { number, text: number === 1 ? text.replace(/^\uFEFF/, '') : text, size: bytes.length }
}
