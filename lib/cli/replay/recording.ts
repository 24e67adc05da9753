import { createReadStream } from 'node:fs'
import { errorMessage } from '../../util/error-message.ts'
import { isObject, readText } from '../../schemas/values.ts'
import { readLines } from './lines.ts'

/** A recording cannot be read on; the message says where, and what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

/** A notification that was recorded. */
export interface Recorded {
  /** What to post. */
  readonly text: string
  /** `''` where it names none. */
  readonly idInstance: string
  /** How many bytes of the file it takes, with what precedes it. */
  readonly size: number
}

/**
 * Reads a recording, a notification a line.
 *
 * @throws {RecordingError} where the file cannot be read, or a line is no JSON
 */
export async function * readRecording (file: string): AsyncGenerator<Recorded> {
  let passed = 0
  try {
    for await (const { number, text, size } of readLines(createReadStream(file))) {
      passed += size
      if (text === '') continue
      yield { ...read(text, file, number), size: passed }
      passed = 0
    }
  } catch (error) {
    throw error instanceof RecordingError ? error : new RecordingError(`${file} cannot be read on (${errorMessage(error)})`)
  }
}

function read (text: string, file: string, number: number): Pick<Recorded, 'text' | 'idInstance'> {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    throw new RecordingError(`${file}, line ${number} is no JSON: remove it, or mend it; a recorder that was killed leaves its last line unfinished`)
  }
  if (typeof raw === 'string') return { text: raw, idInstance: '' }
  const instanceData = isObject(raw) ? raw.instanceData : undefined
  return { text, idInstance: isObject(instanceData) ? readText(instanceData.idInstance) : '' }
}
