import type { TSchema } from '@sinclair/typebox'
import type { TypeCheck, ValueError } from '@sinclair/typebox/compiler'
import type { UnrecognizedReason, ValidationIssue } from '../events/event-map.ts'

/** Why a parsed body announces no event. */
export interface RecognitionFailure {
  readonly reason: UnrecognizedReason
  readonly errors: readonly ValidationIssue[]
}

export const notANotification: RecognitionFailure = { reason: 'not-a-notification', errors: [] }
export const unknownType: RecognitionFailure = { reason: 'unknown-type', errors: [] }

/** The refusal of a value that does not pass its schema, which stands at `path` in the body. */
export function invalid (validator: TypeCheck<TSchema>, value: unknown, path = ''): RecognitionFailure {
  const found = validator.Errors(value)[Symbol.iterator]()
  const errors: ValidationIssue[] = []
  while (errors.length < 10) {
    const { done, value: error } = found.next()
    if (done === true) break
    errors.push({ path: path + error.path, message: expectation(error) })
  }
  return { reason: 'invalid', errors }
}

// Of a union TypeBox says no more than that it is one.
function expectation ({ schema, message }: ValueError): string {
  const types = typesOf(schema)
  return types.length > 1 ? `Expected ${types.join(' or ')}` : message
}

function typesOf (schema: TSchema): string[] {
  return Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(typesOf) : [schema.type]
}
