import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { TypeCompiler, ValueErrorType, type TypeCheck, type ValueError } from '@sinclair/typebox/compiler'
import { ApiError } from './api-error.ts'

const chat = '^(?:\\d+@(?:c\\.us|g\\.us|lid)|-?\\d+)$'
const personalChat = '^\\d+@(?:c\\.us|lid)$'

/** A chat's id. */
export const ChatId = Type.String({ pattern: chat, description: 'must be a chat id such as 79001234567@c.us or 120363000000000001@g.us' })

/** The id of a chat with one person, as buttons want it. */
export const PersonalChatId = Type.String({ pattern: personalChat, description: 'must be the id of a personal chat such as 79001234567@c.us' })

/** A text that says something. */
export function Text (maxLength: number) {
  return Type.String({ minLength: 1, maxLength })
}

/** Makes a check of a request's body, which returns the body, typed. */
export function validator<Schema extends TSchema> (schema: Schema): (body: unknown) => Static<Schema> {
  const check: TypeCheck<Schema> = TypeCompiler.Compile(schema)
  return (body) => {
    if (check.Check(body)) return body
    const [first] = Array.from(check.Errors(body), describe)
    throw new ApiError(400, `Validation failed. Details: ${first}`)
  }
}

function describe (error: ValueError): string {
  const { type, schema, path } = error
  const name = `'${nameOf(path)}'`
  switch (type) {
    case ValueErrorType.ObjectRequiredProperty: return `${name} is required`
    case ValueErrorType.ObjectAdditionalProperties: return `${name} is not allowed`
    case ValueErrorType.StringMinLength: return `${name} is not allowed to be empty`
    case ValueErrorType.StringMaxLength: return `${name} length must be less than or equal to ${schema.maxLength} characters long`
    case ValueErrorType.ArrayMinItems: return `${name} must contain at least ${schema.minItems} items`
    case ValueErrorType.ArrayMaxItems: return `${name} must contain less than or equal to ${schema.maxItems} items`
    case ValueErrorType.NumberMinimum:
    case ValueErrorType.IntegerMinimum: return `${name} must be greater than or equal to ${schema.minimum}`
    case ValueErrorType.NumberMaximum:
    case ValueErrorType.IntegerMaximum: return `${name} must be less than or equal to ${schema.maximum}`
    case ValueErrorType.StringPattern: return `${name} ${schema.description}`
    default: return `${name} ${reason(error)}`
  }
}

function reason ({ schema, message }: ValueError): string {
  if (Array.isArray(schema.anyOf)) return `must be one of [${schema.anyOf.map((each: TSchema) => String(each.const)).join(', ')}]`
  return message.replace(/^Expected/, 'must be of type')
}

// `/buttons/0/type` as `buttons[0].type`.
function nameOf (path: string): string {
  return path.slice(1).split('/').map((part, index) => /^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`).join('') || 'body'
}
