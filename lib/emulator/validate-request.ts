import type { Static, TSchema } from '@sinclair/typebox'
import { TypeCompiler, ValueErrorType, type ValueError } from '@sinclair/typebox/compiler'
import { findIssue, memberName } from '../green-api/index.ts'

/** An error that the API answers with. */
export class ApiError extends Error {
  readonly statusCode: number
  /** The answer's body: an object for JSON, a string for HTML. Default: JSON with the message. */
  readonly body: string | object | undefined

  constructor (statusCode: number, message: string, body?: string | object) {
    super(message)
    this.name = 'ApiError'
    this.statusCode = statusCode
    this.body = body
  }
}

/** Makes the error for an invalid request, in GREEN-API's words. */
export function validationError (details: string): ApiError {
  return new ApiError(400, `Validation failed. Details: ${details}`)
}

/** Creates a function that returns the body, typed, or throws the `ApiError` for its first mistake. */
export function createBodyValidator<Schema extends TSchema> (schema: Schema): (body: unknown) => Static<Schema> {
  const compiled = TypeCompiler.Compile(schema)
  return (body) => {
    if (compiled.Check(body)) {
      const issue = typeof body === 'object' && body !== null ? findIssue(body) : undefined
      if (issue === undefined) return body
      throw validationError(`'${issue.member}' ${issue.problem}`)
    }
    const [first] = Array.from(compiled.Errors(body), describeError)
    throw validationError(String(first))
  }
}

// GREEN-API's messages are those of the library Joi.
function describeError (error: ValueError): string {
  const { type, schema, path } = error
  const name = `'${memberName(path)}'`
  switch (type) {
    case ValueErrorType.ObjectRequiredProperty: return `${name} is required`
    case ValueErrorType.ObjectAdditionalProperties: return `${name} is not allowed`
    case ValueErrorType.StringMinLength: return `${name} is not allowed to be empty`
    case ValueErrorType.StringMaxLength:
      return `${name} length must be less than or equal to ${schema.maxLength} characters long`
    case ValueErrorType.ArrayMinItems: return `${name} must contain at least ${schema.minItems} items`
    case ValueErrorType.ArrayMaxItems: return `${name} must contain less than or equal to ${schema.maxItems} items`
    case ValueErrorType.NumberMinimum:
    case ValueErrorType.IntegerMinimum: return `${name} must be greater than or equal to ${schema.minimum}`
    case ValueErrorType.NumberMaximum:
    case ValueErrorType.IntegerMaximum: return `${name} must be less than or equal to ${schema.maximum}`
    case ValueErrorType.StringPattern: return `${name} ${schema.description}`
    default: return `${name} ${describeType(error)}`
  }
}

function describeType ({ schema, message }: ValueError): string {
  if (!Array.isArray(schema.anyOf)) return message.replace(/^Expected/, 'must be of type')
  return `must be one of [${schema.anyOf.map((each: TSchema) => String(each.const ?? each.type)).join(', ')}]`
}
