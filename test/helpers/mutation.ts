import fc from 'fast-check'
import { origins } from '../../lib/schemas/index.ts'
import { isObject, type Content } from '../../lib/schemas/values.ts'
import { bodies, entries, json, mostly } from './arbitrary.ts'

/** Stands in every text that a mutation brings in, so that it can be told where such texts turn up. */
export const marker = 'm4rker'

/** Names that mean nothing on the wire, however much they mean elsewhere. */
const unknownNames = fc.constantFrom(marker, '', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', '0')

const types = fc.constantFrom(...entries.flatMap(([, definition]) => definition.kind === 'message' ? definition.typeMessages : definition.typeWebhooks), ...Object.keys(origins))
const knownNames = fc.constantFrom('typeWebhook', 'typeMessage', 'messageData', 'quotedMessage', 'instanceData', 'idMessage', 'timestamp', 'stanzaId', 'buttons', 'type', 'receiptId', 'body')

const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, marker, 0, -1.5, 1e21),
  fc.constantFrom<unknown>([marker], [[null]], { [marker]: marker }, { low: 1e308, high: 1e308 }, { low: marker, high: 1 }, { body: { typeWebhook: marker } }),
  unknownNames,
  types,
  json
)

/** Where in a body, in which of its members, what is done, under what name and with what value. */
const changes = fc.record({
  where: fc.nat(),
  which: fc.nat(),
  change: fc.constantFrom('remove', 'rename', 'replace', 'copy', 'add'),
  name: fc.oneof(unknownNames, knownNames, types),
  value: junk
})

const damages = fc.record({ damage: fc.constantFrom('cut', 'flip', 'space', 'mark', 'wrap', 'repeat', 'swell'), at: fc.nat() })

/** Texts that were bodies of a documented shape before they were tampered with. */
export const mutated: fc.Arbitrary<string> = fc.tuple(bodies, fc.array(changes, { maxLength: 4 }), mostly(fc.array(damages, { maxLength: 1 }), fc.array(damages, { maxLength: 3 })))
  .map(([{ body }, changes, damages]) => {
    const copy = structuredClone(body)
    for (const each of changes) make(each, copy)
    return damages.reduce(damaged, JSON.stringify(copy))
  })

/** Members of unknown names, and where to add them. */
export const additions = fc.array(fc.record({ where: fc.nat(), name: unknownNames, value: junk }), { minLength: 1, maxLength: 5 })

/** A copy of a body with members of unknown names. */
export function withUnknown (body: Content, additions: ReadonlyArray<{ where: number, name: string, value: unknown }>): Content {
  const copy = structuredClone(body)
  for (const { where, name, value } of additions) define(pick(containersIn(copy).filter(isObject), where), name, value)
  return copy
}

function make ({ where, which, change, name, value }: typeof changes extends fc.Arbitrary<infer Change> ? Change : never, body: Content): void {
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
    case 'flip': return Buffer.from(bytes.map((byte, index) => index === position ? byte ^ 1 << at % 8 : byte)).toString()
    case 'space': return ` ${text.replaceAll('{"', '{\n\t"').replaceAll('":', '" : ')}\r\n`
    case 'mark': return `\uFEFF${text}`
    case 'wrap': return `[${text}]`
    case 'repeat': return text.replace('{', '{"body":{"typeWebhook":"incomingCall"},"receiptId":1,')
    // No number in a JSON text is infinite, and yet some are parsed as such.
    case 'swell': return text.replaceAll(/(?<=":)-?\d[^,}\]]*/g, '1e999')
    default: return text
  }
}

/** The objects and arrays in a value, itself the first. */
function containersIn (value: unknown): object[] {
  return typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(containersIn)] : []
}

// An assignment to __proto__ would not make a member of it.
function define (target: object | undefined, name: string, value: unknown): void {
  if (target !== undefined) Object.defineProperty(target, name, { value: structuredClone(value), enumerable: true, configurable: true, writable: true })
}

function pick<T> (items: readonly T[], at: number): T | undefined {
  return items[at % items.length]
}
