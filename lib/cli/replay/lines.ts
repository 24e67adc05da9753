import type { Readable } from 'node:stream'

export interface Line {
  /** Starts at 1. */
  readonly number: number
  /** Without surrounding white space. */
  readonly text: string
  /** The number of bytes in the file, including the newline. */
  readonly size: number
}

const newline = 0x0A

/**
 * Splits a stream of bytes into lines, without reading the whole file into memory.
 *
 * Node's readline also splits at U+2028 and U+2029, which JSON does not escape.
 */
export async function * readLines (stream: Readable): AsyncGenerator<Line> {
  let number = 0
  let pieces: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      yield toLine(++number, [...pieces, chunk.subarray(start, end + 1)])
      pieces = []
      start = end + 1
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start))
  }
  if (pieces.length > 0) yield toLine(++number, pieces)
}

function toLine (number: number, pieces: readonly Buffer[]): Line {
  const bytes = Buffer.concat(pieces)
  // U+FEFF counts as white space, so this also removes a byte order mark.
  return { number, text: bytes.toString().trim(), size: bytes.length }
}
