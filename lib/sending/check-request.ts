import type { TSchema } from '@sinclair/typebox'
import { TypeCompiler, ValueErrorType, type TypeCheck, type ValueError } from '@sinclair/typebox/compiler'
import { findIssue, isSendMethod, memberName, sendRequests, type SendMethod } from '../green-api/index.ts'
import { isObject } from '../schemas/values.ts'
import { findTypo } from '../util/nearest.ts'
import { isFile } from './upload.ts'

// Compiled on first use, because compiling all of them takes longer than a short script.
const validators = new Map<SendMethod, TypeCheck<typeof sendRequests[SendMethod]>>()

/** Returns the first mistake in a request and its fix, without any value of the request. */
export function findMistake (method: string, body: object | undefined): string | undefined {
  if (!/^\w+$/.test(method)) return 'is not the name of a method. Write it as GREEN-API does, such as sendPoll'
  // A JavaScript program can pass anything.
  if (!isSendMethod(method)) return body === undefined || isObject(body) ? undefined : '`body` must be an object'
  const validator = validators.get(method) ?? TypeCompiler.Compile(sendRequests[method])
  validators.set(method, validator)
  if (!validator.Check(body)) {
    const error = validator.Errors(body).First()
    return error === undefined ? 'is invalid' : describe(error)
  }
  const issue = findIssue(body)
  if (issue !== undefined) return `\`${issue.member}\` ${issue.problem}`
  const known = Object.keys(sendRequests[method].properties)
  if (method !== 'sendFileByUpload') return findMisspelled(body, known)
  return isFile(Reflect.get(body, 'file')) ? findMisspelled(body, ['file', ...known]) : '`file` must be a Blob or bytes'
}

// Other unknown members are allowed: GREEN-API adds some.
function findMisspelled (body: object, known: readonly string[]): string | undefined {
  for (const name of Object.keys(body)) {
    const similar = known.includes(name) ? undefined : findTypo(name, known)
    if (similar !== undefined) return `\`${name}\` is unknown. Did you mean \`${similar}\`?`
  }
  return undefined
}

function describe (error: ValueError): string {
  const { type, schema, path, value } = error
  const name = `\`${memberName(path)}\``
  switch (type) {
    case ValueErrorType.ObjectRequiredProperty: return `${name} is missing`
    case ValueErrorType.StringMinLength: return `${name} is empty`
    case ValueErrorType.StringMaxLength:
      return `${name} has ${String(value).length} characters. Shorten it to ${schema.maxLength}`
    case ValueErrorType.ArrayMinItems: return `${name} has too few items. Add some: at least ${schema.minItems}`
    case ValueErrorType.ArrayMaxItems: return `${name} has too many items. Remove some: at most ${schema.maxItems}`
    case ValueErrorType.NumberMinimum:
    case ValueErrorType.IntegerMinimum: return `${name} must be at least ${schema.minimum}`
    case ValueErrorType.NumberMaximum:
    case ValueErrorType.IntegerMaximum: return `${name} must be at most ${schema.maximum}`
    case ValueErrorType.StringPattern: return `${name} ${schema.description}`
    case ValueErrorType.Union: return describeUnion(error, name)
    default: return `${name} must be ${typeName(schema)}`
  }
}

function describeUnion (error: ValueError, name: string): string {
  const { schema } = error
  const variants: unknown[] = Array.isArray(schema.anyOf) ? schema.anyOf : []
  const names = variants.map((variant) => isObject(variant) ? variant.const : undefined)
  if (names.every((each) => typeof each === 'string')) return `${name} must be one of ${names.join(', ')}`
  // A member that may be null: its other variant comes first.
  const first = error.errors[0]?.First()
  return first === undefined ? `${name} is invalid` : describe(first)
}

function typeName ({ type, const: literal }: TSchema): string {
  return literal === undefined ? `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}` : String(literal)
}
