import { createReadStream } from 'node:fs'
import { errorMessage } from '../../util/error-message.ts'
import { isObject, readText } from '../../schemas/values.ts'
import { readLines } from './lines.ts'

/** A recording cannot be read to its end. The message says where, then the fix. */
class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

export interface RecordedNotification {
  /** The body to send. */
  readonly text: string
  /** Empty if the body has none. */
  readonly idInstance: string
  /** The number of bytes in the file, including empty lines before it. */
  readonly size: number
}

/**
 * Reads a recording with one notification per line.
 *
 * @throws {RecordingError} if the file cannot be read, or if a line is not valid JSON
 */
export async function * readRecording (file: string): AsyncGenerator<RecordedNotification> {
  let pendingBytes = 0
  try {
    for await (const { number, text, size } of readLines(createReadStream(file))) {
      pendingBytes += size
      if (text === '') continue
      yield { ...parseLine(text, file, number), size: pendingBytes }
      pendingBytes = 0
    }
  } catch (error) {
    throw error instanceof RecordingError ? error : new RecordingError(`cannot read ${file} (${errorMessage(error)})`)
  }
}

function parseLine (text: string, file: string, number: number): Pick<RecordedNotification, 'text' | 'idInstance'> {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    throw new RecordingError(
      `${file}, line ${number}: not valid JSON. Fix or remove the line. ` +
      'If the recorder was killed, its last line is incomplete.'
    )
  }
  if (typeof raw === 'string') return { text: raw, idInstance: '' }
  const instanceData = isObject(raw) ? raw.instanceData : undefined
  return { text, idInstance: isObject(instanceData) ? readText(instanceData.idInstance) : '' }
}
