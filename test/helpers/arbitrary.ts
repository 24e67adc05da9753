import { Kind, type TSchema } from '@sinclair/typebox'
import fc from 'fast-check'
import {
  JournalRecord, MessageWebhook, notifications, Webhook, WireQuotedMessage, type EventName
} from 'fastify-green-api'
import type { Definition, MessageDefinition, ServiceEventDefinition } from '../../lib/schemas/definition.ts'
import { origins } from '../../lib/schemas/index.ts'
import type { Content } from '../../lib/schemas/values.ts'

/** A body of a documented shape, and its parts. */
export interface Sample {
  readonly name: EventName
  readonly content: Content
  readonly quotedMessage: Content
  readonly body: Content
}

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '', ' ', '0', '-0', '12.5', '1767225600', '9'.repeat(400), 'true', 'a:b%', '\uD83D', '📦', 'BAE5',
      '4915150000042@c.us'
    )
  }
)
const integer = fc.oneof(
  { weight: 3, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 2 ** 31, 2 ** 53, -1e21, 1e308) }
)
const number = fc.oneof(integer, fc.double({ noNaN: true, noDefaultInfinity: true }))
/** Any JSON value. */
export const json = fc.jsonValue({ maxDepth: 2 })

/** Generates values that a schema describes. Where the schema accepts any value, one in ten is another JSON value. */
export function arbitraryOf (schema: TSchema): fc.Arbitrary<unknown> {
  const described = describedBy(schema)
  return schema[Kind] === 'Unknown' ? mostly(described, json) : described
}

function describedBy (schema: TSchema): fc.Arbitrary<unknown> {
  const { type, const: constant, anyOf, examples, items, properties, required = [] } = schema
  if (constant !== undefined) return fc.constant(constant)
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map(arbitraryOf))
  switch (type) {
    case 'null': return fc.constant(null)
    case 'boolean': return fc.boolean()
    case 'integer': return integer
    case 'number': return number
    case 'string': return examples === undefined ? text : fc.oneof(fc.constantFrom(...examples), text)
    case 'array': return fc.array(arbitraryOf(items), { maxLength: 3 })
    case 'object': return members(properties, required)
    default: return json
  }
}

function members (properties: Record<string, TSchema>, required: string[] = []): fc.Arbitrary<Content> {
  const arbitraries = Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema)])
  return fc.record<Content>(Object.fromEntries(arbitraries), { requiredKeys: required })
}

/** Generates a likely value in nine of ten cases. */
export function mostly<T> (likely: fc.Arbitrary<T>, unlikely: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: likely }, { weight: 1, arbitrary: unlikely })
}

/** Generates the content of a notification. List items without a wire schema often have the form of `data`. */
function contents ({ wire, data }: Definition): fc.Arbitrary<Content> {
  const { properties, required }: TSchema = wire
  const lists = Object.keys(properties).filter((name) => properties[name].items?.[Kind] === 'Unknown')
  const described = Object.fromEntries(lists.map((name) => [name, data.properties[name]]))
  return fc.oneof(members(properties, required), members({ ...properties, ...described }, required))
}

/** Generates a message's content with its type, in one of its members or flat. */
function spellings (definition: MessageDefinition) {
  const { typeMessages, fallbackTypeMessages, members, flat } = definition
  return fc.record({
    content: contents(definition),
    typeMessage: fc.constantFrom(...typeMessages, ...fallbackTypeMessages),
    member: fc.constantFrom(...members),
    isFlat: fc.boolean()
  }).map(({ content, typeMessage, member, isFlat }) => {
    const canBeFlat = isFlat && flat.some((name) => content[name] != null)
    // A `chatId` in a flat content would be read as the chat of the message.
    const spelled: Content = canBeFlat ? { ...content, chatId: null } : { [member]: content }
    return { content, spelled: { ...spelled, typeMessage } }
  })
}

// `Object.entries` returns strings as names.
export const entries = Object.entries(notifications) as Array<[EventName, Definition]>

const quotes = fc.oneof(...entries.flatMap(([, definition]) => {
  return definition.kind === 'message' ? [spellings(definition)] : []
}))
const quotedMessages = fc.tuple(members(WireQuotedMessage.properties), quotes)
  .map(([reference, { spelled }]) => ({ ...reference, ...spelled }))

const samples = fc.oneof(...entries.map(([name, definition]) => {
  return definition.kind === 'message' ? messages(name, definition) : serviceEvents(name, definition)
}))

function messages (name: EventName, definition: MessageDefinition): fc.Arbitrary<Sample> {
  const around = fc.record({ webhook: members(MessageWebhook.properties), record: members(JournalRecord.properties) })
  const form = fc.constantFrom('posted', 'posted', 'quoting beside', 'come apart', 'record', 'record')
  const typeWebhook = fc.constantFrom(...Object.keys(origins))
  return fc.tuple(spellings(definition), fc.option(quotedMessages, { nil: undefined }), around, form, typeWebhook)
    .map(([{ content, spelled }, quotedMessage, { webhook, record }, form, typeWebhook]) => {
      const envelope = { ...webhook, typeWebhook }
      const bodies: Record<typeof form, Content> = {
        posted: { ...envelope, messageData: { ...spelled, quotedMessage } },
        'quoting beside': { ...envelope, messageData: spelled, quotedMessage },
        'come apart': { ...envelope, messageData: undefined, ...spelled, quotedMessage },
        record: { ...spelled, ...record, typeMessage: spelled.typeMessage, quotedMessage }
      }
      // The content of one kind has a member `messageData`.
      const body = bodies['messageData' in spelled && form === 'come apart' ? 'posted' : form]
      return { name, content, quotedMessage: quotedMessage ?? {}, body }
    })
}

function serviceEvents (name: EventName, definition: ServiceEventDefinition): fc.Arbitrary<Sample> {
  const types = fc.constantFrom(
    ...[...definition.typeWebhooks, ...definition.fallbackTypeWebhooks].map((typeWebhook) => ({ typeWebhook })),
    ...definition.journalTypeMessages.map((typeMessage) => ({ typeMessage, typeWebhook: undefined }))
  )
  return fc.tuple(members(Webhook.properties), contents(definition), types)
    .map(([envelope, content, type]) => {
      return { name, content, quotedMessage: {}, body: { ...envelope, ...content, ...type } }
    })
}

/** Generates bodies of every documented shape of every kind, some of them in the queue envelope. */
export const bodies: fc.Arbitrary<Sample> = fc.tuple(samples, fc.option(fc.nat(), { freq: 2 }))
  .map(([sample, receiptId]) => {
    return receiptId === null ? sample : { ...sample, body: { receiptId, body: sample.body } }
  })
