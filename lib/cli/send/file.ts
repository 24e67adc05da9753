import { readFileSync } from 'node:fs'
import { minifyJson } from '../../body/json-text.ts'
import { sliceEnvelopeBody, unwrapEnvelope } from '../../body/queue-envelope.ts'
import { errorMessage } from '../../util/error-message.ts'
import { UsageError } from '../usage-error.ts'

/**
 * The notifications in a JSON file, as texts: of a single one its own, so that no number loses digits.
 *
 * @throws {UsageError} where there is no such file, or it is no JSON
 */
export function readNotifications (path: string): string[] {
  const text = readText(path)
  const value = parse(text, path)
  if (Array.isArray(value)) return value.map((each: unknown) => textOf(each, JSON.stringify(each)))
  return [textOf(value, minifyJson(text.trim()))]
}

/** A notification's text: without the queue envelope; what was no JSON stands in a string. */
function textOf (value: unknown, json: string): string {
  if (typeof value === 'string') return value
  return unwrapEnvelope(value) === value ? json : sliceEnvelopeBody(json)
}

function readText (path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${errorMessage(error)}): write the path of a JSON file`)
  }
}

function parse (text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${path} is no JSON (${errorMessage(error)}): give it a body, or a list of bodies; of a recording, a line for each, use replay`)
  }
}
