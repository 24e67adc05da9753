import type { TSchema } from '@sinclair/typebox'
import type { TypeCheck, ValueError } from '@sinclair/typebox/compiler'
import type { Event, EventBase, ListenableName, UnrecognizedReason, ValidationIssue } from '../events/index.ts'
import type { Identity } from './identity.ts'

/** A parsed body as an event, and the names that the event is emitted under. */
export interface Recognized {
  readonly event: Event
  readonly names: readonly ListenableName[]
  readonly identity: Identity
}

/** Why a parsed body is `unrecognized`. */
export interface RecognitionFailure {
  readonly reason: UnrecognizedReason
  readonly errors: readonly ValidationIssue[]
}

export const notANotification: RecognitionFailure = { reason: 'not-a-notification', errors: [] }
export const unknownType: RecognitionFailure = { reason: 'unknown-type', errors: [] }

export function recognized (
  names: readonly ListenableName[], identity: Identity, event: EventBase
): Recognized {
  // TypeScript cannot relate `name` to the other members here. The definitions of the kinds guarantee it.
  return { event: event as Event, names, identity }
}

/** The failure of one value, which is at the JSON pointer `path` in the body. */
export function invalid (path: string, message: string): RecognitionFailure {
  return { reason: 'invalid', errors: [{ path, message }] }
}

/** The failure of a value that does not match its schema, with at most ten errors. */
export function mismatch (validator: TypeCheck<TSchema>, value: unknown, path = ''): RecognitionFailure {
  const found = validator.Errors(value)[Symbol.iterator]()
  const errors: ValidationIssue[] = []
  while (errors.length < 10) {
    const { done, value: error } = found.next()
    if (done === true) break
    errors.push({ path: path + error.path, message: describeError(error) })
  }
  return { reason: 'invalid', errors }
}

// For a union TypeBox reports only "Expected union value".
function describeError ({ schema, message }: ValueError): string {
  const types = typesOf(schema)
  return types.length > 1 ? `Expected ${types.join(' or ')}` : message
}

function typesOf (schema: TSchema): string[] {
  return Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(typesOf) : [schema.type]
}
