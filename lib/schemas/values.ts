import type { Static, TBoolean, TNumber, TObject, TOptional, TSchema, TString, TUnknown } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'

/** A parsed JSON object with unknown members. */
export type Content = Readonly<Record<string, unknown>>

/**
 * A member that can be absent or `null`. Webhook bodies leave out what has no value, journal records have `null`
 * instead.
 */
export function Nullish<T extends TSchema> (schema: T) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

/**
 * A member that the schema describes, for example in an OpenAPI document, but does not check. One unexpected value
 * must not make the whole notification invalid.
 */
export function Described (schema: TSchema) {
  // The copy lacks TypeBox's symbols, so TypeBox does not check it.
  return Type.Unknown(structuredClone(schema))
}

/** A member that can be absent or `null`, and that is described but not checked. */
export function Unchecked (schema: TSchema) {
  return Type.Optional(Described(Nullish(schema)))
}

/** An id, a phone number, a code or a text. Most are strings; some senders use numbers. */
export const WireText = Type.Union([Type.String(), Type.Number()])

/** A number, a number in a string, or the two halves of a 64-bit number. */
export const WireNumber = Type.Union([
  Type.Number(),
  Type.String(),
  Type.Object({ low: Type.Integer(), high: Type.Integer(), unsigned: Type.Optional(Type.Boolean()) })
])

/** A boolean, or `'true'` or `'false'`. */
export const WireBoolean = Type.Union([Type.Boolean(), Type.String()])

/** One of the known strings, which an editor completes, or any other string: GREEN-API extends its lists. */
export type Known<Text extends string> = Text | (string & {})

/** A string of which some values are known. */
export function OpenEnum<const Text extends string> (...known: Text[]) {
  return Type.Unsafe<Known<Text>>(Type.String({ examples: known }))
}

/** Whether the value is an object, and neither an array nor `null`. */
export function isObject (value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Readers run synchronously, one body after the other.
let lostDigits = false

/** Whether a text or an id was read, since the last call, from an integer that lost digits when it was parsed. */
export function takeLostDigits (): boolean {
  const lost = lostDigits
  lostDigits = false
  return lost
}

/** Whether the value is a text or an id. An integer that lost digits when it was parsed is neither. */
export function isText (value: unknown): value is string | number {
  if (typeof value === 'string') return true
  if (typeof value !== 'number') return false
  if (Number.isSafeInteger(value) || !Number.isInteger(value)) return true
  lostDigits = true
  return false
}

/** Reads a text or an id as a string; any other value as `''`. */
export function readText (value: unknown): string {
  return isText(value) ? String(value) : ''
}

/** Reads the first value that is a text and not empty; `''` if there is none. Rest parameters would be slower. */
export function readFirst (
  first: unknown, second: unknown, third?: unknown, fourth?: unknown, fifth?: unknown
): string {
  return readText(first) || readText(second) || readText(third) || readText(fourth) || readText(fifth)
}

/** Reads a number; `undefined` if the value is not a finite number. */
export function readNumber (value: unknown): number | undefined {
  const number = parseNumber(value)
  return Number.isFinite(number) ? number : undefined
}

function parseNumber (value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return /^-?\d{1,15}(\.\d*)?$/.test(value) ? Number(value) : undefined
  if (!isObject(value) || typeof value.low !== 'number' || typeof value.high !== 'number') return undefined
  return value.high * 2 ** 32 + (value.low >>> 0)
}

/** Reads a Unix time in seconds; 0 if the value is not a number. */
export function readTimestamp (value: unknown): number {
  return readNumber(value) ?? 0
}

/** Reads an integer, such as an index; `undefined` if the value is not a safe integer. */
export function readInteger (value: unknown): number | undefined {
  const number = readNumber(value)
  return Number.isSafeInteger(number) ? number : undefined
}

/** Reads a boolean; `undefined` if the value is neither a boolean nor `'true'` nor `'false'`. */
export function readBoolean (value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  return value === 'true' ? true : value === 'false' ? false : undefined
}

/** Reads the named texts that are not empty. */
export function readTexts<Name extends string> (content: Content, names: readonly Name[]): { [Each in Name]?: string } {
  return readMembers(content, names, readNonEmptyText)
}

/** Reads the named booleans. */
export function readBooleans<Name extends string> (
  content: Content, names: readonly Name[]
): { [Each in Name]?: boolean } {
  return readMembers(content, names, readBoolean)
}

function readMembers<Name extends string, Value> (
  content: Content, names: readonly Name[], read: (value: unknown) => Value | undefined
): { [Each in Name]?: Value } {
  const members: { [Each in Name]?: Value } = {}
  for (const name of names) {
    const value = read(content[name])
    if (value !== undefined) members[name] = value
  }
  return members
}

function readNonEmptyText (value: unknown): string | undefined {
  return readText(value) || undefined
}

/** A text, a number or a boolean that `data` can lack. */
type OptionalMember = TOptional<TString | TNumber | TBoolean>

const wireTypes = { string: WireText, number: WireNumber, boolean: WireBoolean }
const readers = { string: readNonEmptyText, number: readNumber, boolean: readBoolean }

/**
 * Derives the wire schemas of optional members of `data` which GREEN-API sends under the same names. `readOptional`
 * reads these members, so that a new one is one line.
 */
export function wireOf<Name extends string> (members: Record<Name, OptionalMember>): Record<Name, TOptional<TUnknown>> {
  const schemas = Object.entries<OptionalMember>(members).map(([name, { type }]) => [name, Unchecked(wireTypes[type])])
  // TypeScript forgets the names of an object's entries.
  return Object.fromEntries(schemas) as Record<Name, TOptional<TUnknown>>
}

/** Reads these optional members of `data`. One that is missing, `null`, empty or of another type is absent. */
export function readOptional<Members extends { readonly [Name in keyof Members]: OptionalMember }> (
  wire: Content, members: Members
): Static<TObject<Members>> {
  const data: Record<string, unknown> = {}
  for (const name in members) {
    const value = readers[members[name].type](wire[name])
    if (value !== undefined) data[name] = value
  }
  // Each reader returns what the schema of its member describes.
  return data as Static<TObject<Members>>
}
