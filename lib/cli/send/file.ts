import { readFileSync } from 'node:fs'
import { minifyJson, sliceEnvelopeBody, unwrapEnvelope } from '../../body/index.ts'
import { errorMessage } from '../../util/error-message.ts'
import { UsageError } from '../command.ts'

/**
 * Reads the notifications of a JSON file, as texts. A single notification keeps its own text, so that long
 * numbers lose no digits.
 *
 * @throws {UsageError} if the file cannot be read or is not valid JSON
 */
export function readNotifications (path: string): string[] {
  const text = readFile(path)
  const value = parse(text, path)
  if (Array.isArray(value)) return value.map((each: unknown) => toBodyText(each, JSON.stringify(each)))
  return [toBodyText(value, minifyJson(text.trim()))]
}

/** Removes the queue envelope. A JSON string stands for a body that is not JSON. */
function toBodyText (value: unknown, json: string): string {
  if (typeof value === 'string') return value
  return unwrapEnvelope(value) === value ? json : sliceEnvelopeBody(json)
}

function readFile (path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new UsageError(`Cannot read ${path} (${errorMessage(error)}). Use the path of a JSON file.`)
  }
}

function parse (text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(
      `${path} is not valid JSON (${errorMessage(error)}). Use a file with one notification or a list of them. ` +
      'For a recording (one notification per line), use the replay command.'
    )
  }
}
