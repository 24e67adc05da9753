import fc from 'fast-check'
import { origins } from '../../lib/schemas/index.ts'
import { isObject, type Content } from '../../lib/schemas/values.ts'
import { bodies, entries, json, mostly } from './arbitrary.ts'

/** Part of every text that a mutation adds, so that tests can find such texts in the output. */
export const marker = 'm4rker'

/** Names without a meaning on the wire. Some have a meaning in JavaScript. */
const unknownNames = fc.constantFrom(marker, '', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', '0')

const eventTypes = entries.flatMap(([, definition]) => {
  return definition.kind === 'message' ? definition.typeMessages : definition.typeWebhooks
})
const types = fc.constantFrom(...eventTypes, ...Object.keys(origins))
const knownNames = fc.constantFrom(
  'typeWebhook', 'typeMessage', 'messageData', 'quotedMessage', 'instanceData', 'idMessage', 'timestamp', 'stanzaId',
  'buttons', 'type', 'receiptId', 'body'
)

const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, marker, 0, -1.5, 1e21),
  fc.constantFrom<unknown>([marker], [[null]], { [marker]: marker }),
  fc.constantFrom<unknown>({ low: 1e308, high: 1e308 }, { low: marker, high: 1 }, { body: { typeWebhook: marker } }),
  unknownNames,
  types,
  json
)

/** A change of a body: `where` selects an object or a list in it, and `which` one of its members. */
const changes = fc.record({
  where: fc.nat(),
  which: fc.nat(),
  change: fc.constantFrom('remove', 'rename', 'replace', 'copy', 'add'),
  name: fc.oneof(unknownNames, knownNames, types),
  value: junk
})

type Change = typeof changes extends fc.Arbitrary<infer Each> ? Each : never

const damages = fc.record({
  damage: fc.constantFrom('cut', 'flip', 'space', 'mark', 'wrap', 'repeat', 'swell'),
  at: fc.nat()
})

/** Generates texts from bodies of a documented shape, with changed members and damaged JSON. */
export const mutated: fc.Arbitrary<string> = fc.tuple(
  bodies,
  fc.array(changes, { maxLength: 4 }),
  mostly(fc.array(damages, { maxLength: 1 }), fc.array(damages, { maxLength: 3 }))
)
  .map(([{ body }, changes, damages]) => {
    const copy = structuredClone(body)
    for (const each of changes) applyChange(each, copy)
    return damages.reduce(damaged, JSON.stringify(copy))
  })

/** Generates members with unknown names, and the positions to add them. */
export const additions = fc.array(
  fc.record({ where: fc.nat(), name: unknownNames, value: junk }),
  { minLength: 1, maxLength: 5 }
)

/** Returns a copy of a body with members of unknown names. */
export function withUnknown (
  body: Content,
  additions: ReadonlyArray<{ where: number, name: string, value: unknown }>
): Content {
  const copy = structuredClone(body)
  for (const { where, name, value } of additions) define(pick(containersIn(copy).filter(isObject), where), name, value)
  return copy
}

function applyChange ({ where, which, change, name, value }: Change, body: Content): void {
  const containers = containersIn(body)
  const target = pick(containers, where) ?? body
  const key = pick(Object.keys(target), which) ?? name
  const member: unknown = Object.getOwnPropertyDescriptor(target, key)?.value
  if (change === 'remove' || change === 'rename') Reflect.deleteProperty(target, key)
  if (change === 'rename') define(target, name, member)
  if (change === 'replace') define(target, key, value)
  if (change === 'copy') define(pick(containers, which), key, member)
  if (change === 'add') define(target, name, value)
}

function damaged (text: string, { damage, at }: { damage: string, at: number }): string {
  const bytes = Buffer.from(text)
  const position = at % (bytes.length + 1)
  switch (damage) {
    case 'cut': return bytes.toString('utf8', 0, position)
    case 'flip':
      return Buffer.from(bytes.map((byte, index) => index === position ? byte ^ 1 << at % 8 : byte)).toString()
    case 'space': return ` ${text.replaceAll('{"', '{\n\t"').replaceAll('":', '" : ')}\r\n`
    case 'mark': return `\uFEFF${text}`
    case 'wrap': return `[${text}]`
    case 'repeat': return text.replace('{', '{"body":{"typeWebhook":"incomingCall"},"receiptId":1,')
    // JSON has no infinite numbers, but `JSON.parse` reads 1e999 as Infinity.
    case 'swell': return text.replaceAll(/(?<=":)-?\d[^,}\]]*/g, '1e999')
    default: return text
  }
}

/** Returns the objects and arrays in a value, including the value itself. */
function containersIn (value: unknown): object[] {
  return typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(containersIn)] : []
}

// An assignment to `__proto__` would not add a member.
function define (target: object | undefined, name: string, value: unknown): void {
  if (target === undefined) return
  Object.defineProperty(target, name, {
    value: structuredClone(value),
    enumerable: true,
    configurable: true,
    writable: true
  })
}

function pick<T> (items: readonly T[], at: number): T | undefined {
  return items[at % items.length]
}
