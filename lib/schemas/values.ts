import { Type, type TSchema } from '@sinclair/typebox'

/** A JSON object of which nothing is known yet. */
export type Content = Readonly<Record<string, unknown>>

/**
 * A member that GREEN-API leaves out, or sends as `null`, where it has nothing to say:
 * webhook bodies do the first, journal records the second.
 */
export function Maybe<T extends TSchema> (schema: T) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

/**
 * What is described but not checked: an odd one is read as far as it can be rather than let it
 * spoil what it stands in.
 */
export function Described (schema: TSchema) {
  // A copy loses TypeBox's own marks, and with them what is checked.
  return Type.Unknown(structuredClone(schema))
}

/** A member that may be absent or `null`, and is described but not checked: an odd one is read as absent. */
export function Unchecked (schema: TSchema) {
  return Type.Optional(Described(Maybe(schema)))
}

/** An id, a telephone number, a code or a text. Most are strings; some senders spell them as numbers. */
export const WireText = Type.Union([Type.String(), Type.Number()])

/** A number, also spelled as a string, or as the two halves of 64 bits. */
export const WireNumber = Type.Union([
  Type.Number(),
  Type.String(),
  Type.Object({ low: Type.Integer(), high: Type.Integer(), unsigned: Type.Optional(Type.Boolean()) })
])

/** A truth, also spelled as a string. */
export const WireBoolean = Type.Union([Type.Boolean(), Type.String()])

/** One of the known texts, which complete in the editor, or any other, since GREEN-API extends its lists. */
export type Known<Text extends string> = Text | (string & {})

/** A text of which some values are known. */
export function Open<const Text extends string> (...known: Text[]) {
  return Type.Unsafe<Known<Text>>(Type.String({ examples: known }))
}

/** Whether a parsed value has members: neither an array nor `null`. */
export function isObject (value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value spells a text or an id; a number that has lost digits on being parsed does not. */
export function isText (value: unknown): value is string | number {
  if (typeof value === 'string') return true
  return typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value))
}

/** A text or an id as a string; `''` where the wire has none. */
export function readText (value: unknown): string {
  return isText(value) ? String(value) : ''
}

/** The first of several spellings that says something; `''` where none does. It is asked too often for rest parameters. */
export function readFirst (first: unknown, second: unknown, third?: unknown, fourth?: unknown, fifth?: unknown): string {
  return readText(first) || readText(second) || readText(third) || readText(fourth) || readText(fifth)
}

/** A number; `undefined` where the wire has none, or one that is too large to be one. */
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

/** Unix time in seconds; 0 where the wire has none. */
export function readTimestamp (value: unknown): number {
  return readNumber(value) ?? 0
}

/** A whole number, such as a position; `undefined` where the wire has none. */
export function readInteger (value: unknown): number | undefined {
  const number = readNumber(value)
  return Number.isSafeInteger(number) ? number : undefined
}

/** A truth; `undefined` where the wire has none. */
export function readBoolean (value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  return value === 'true' ? true : value === 'false' ? false : undefined
}

/** Those of the named texts that say something. */
export function readTexts<Name extends string> (content: Content, names: readonly Name[]): { [Each in Name]?: string } {
  return readNamed(content, names, (value) => readText(value) || undefined)
}

/** Those of the named numbers that the wire tells. */
export function readNumbers<Name extends string> (content: Content, names: readonly Name[]): { [Each in Name]?: number } {
  return readNamed(content, names, readNumber)
}

/** Those of the named truths that the wire tells. */
export function readBooleans<Name extends string> (content: Content, names: readonly Name[]): { [Each in Name]?: boolean } {
  return readNamed(content, names, readBoolean)
}

function readNamed<Name extends string, Value> (content: Content, names: readonly Name[], read: (value: unknown) => Value | undefined) {
  const members: { [Each in Name]?: Value } = {}
  for (const name of names) {
    const value = read(content[name])
    if (value !== undefined) members[name] = value
  }
  return members
}
