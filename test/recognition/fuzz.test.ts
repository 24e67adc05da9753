/**
 * Random bodies: half of `FUZZ_RUNS` (default: 1000) are mutated, the others have a documented shape. A failure prints
 * its seed. `FUZZ_SEED` repeats the same bodies.
 */
import assert from 'node:assert/strict'
import { Type, type TProperties, type TSchema } from '@sinclair/typebox'
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler'
import fc from 'fast-check'
import Fastify from 'fastify'
import greenApi, { notifications, type Event, type Unrecognized } from 'fastify-green-api'
import t from 'tap'
import { quoteLongIntegers } from '../../lib/body/index.ts'
import { idNames } from '../../lib/recognition/id-names.ts'
import { recognize, type RecognizedNotification } from '../../lib/recognition/recognize.ts'
import type { Definition } from '../../lib/schemas/definition.ts'
import { origins } from '../../lib/schemas/index.ts'
import { isObject } from '../../lib/schemas/values.ts'
import { post, token } from '../helpers/app.ts'
import { bodies, type Sample } from '../helpers/arbitrary.ts'
import { additions, marker, mutated, withUnknown } from '../helpers/mutation.ts'
import { deepFreeze } from './deep-freeze.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 1000)
const time = 120_000 + numRuns * 5
const settings = {
  ...process.env.FUZZ_SEED !== undefined && { seed: Number(process.env.FUZZ_SEED) },
  // Shrinking a failure can take long.
  interruptAfterTimeLimit: time,
  markInterruptAsFailure: true
}

const half = { ...settings, numRuns: Math.ceil(numRuns / 2) }
const quarter = { ...settings, numRuns: Math.ceil(numRuns / 4) }

t.setTimeout(time * 4)

const entries = Object.entries<Definition>(notifications)

// Object.fromEntries does not keep the type of the keys.
const validators = Object.fromEntries(
  entries.map(([name, { data }]) => [name, TypeCompiler.Compile(data)])
) as Record<keyof typeof notifications, TypeCheck<TSchema>>

const listenable = new Set(['webhook', 'incomingText', 'unrecognized', ...Object.keys(origins), ...entries.flatMap(
  ([name, definition]) => [name, ...typesOf(definition)]
)])

const base = {
  name: Type.String(),
  id: Type.String({ minLength: 1 }),
  revision: Type.Literal(1),
  idInstance: Type.String(),
  timestamp: Type.Number(),
  raw: Type.Unknown()
}
const content = {
  data: Type.Unknown(),
  typeInstance: Type.String(),
  wid: Type.String(),
  idMessage: Type.String(),
  chatId: Type.String(),
  chatKind: literals('private', 'group', 'channel', 'story', 'broadcast', 'unknown')
}

/** The members of events, as their types declare them. */
const shapes = {
  message: shape({
    ...base,
    ...content,
    typeMessage: Type.String(),
    typeWebhook: Type.Optional(literals(...Object.keys(origins))),
    chatName: Type.String(),
    chatType: Type.String(),
    sender: Type.String(),
    senderName: Type.String(),
    senderContactName: Type.String(),
    senderType: Type.String(),
    senderPhoneNumber: Type.String(),
    direction: literals('incoming', 'outgoing'),
    sentBy: literals('contact', 'phone', 'api'),
    isForwarded: Type.Boolean(),
    forwardingScore: Type.Number(),
    statusMessage: Type.Optional(Type.String()),
    isEdited: Type.Optional(Type.Boolean()),
    isDeleted: Type.Optional(Type.Boolean()),
    quotedMessage: Type.Optional(
      Type.Object({ stanzaId: Type.String(), participant: Type.String(), typeMessage: Type.Optional(Type.String()) })
    )
  }),
  'service-event': shape({
    ...base, ...content, typeWebhook: Type.Optional(Type.String()), typeMessage: Type.Optional(Type.String())
  }),
  unrecognized: shape({
    ...base,
    reason: literals('not-json', 'not-a-notification', 'unknown-type', 'invalid'),
    typeWebhook: Type.Optional(Type.String()),
    typeMessage: Type.Optional(Type.String()),
    idMessage: Type.Optional(Type.String({ minLength: 1 })),
    chatId: Type.Optional(Type.String({ minLength: 1 })),
    chatKind: Type.Optional(content.chatKind),
    sender: Type.Optional(Type.String({ minLength: 1 })),
    senderName: Type.Optional(Type.String({ minLength: 1 })),
    direction: Type.Optional(literals('incoming', 'outgoing')),
    errors: Type.Array(
      Type.Object({ path: Type.String(), message: Type.String() }, { additionalProperties: false }), { maxItems: 10 }
    )
  })
}

t.test('recognize returns the kind of a body when it has a documented shape and is not empty', async (t) => {
  const counts = new Map<string, number>()
  const quoted = new Set<string>()
  fc.assert(fc.property(bodies, (sample) => {
    const { event } = recognizeAndCheck(JSON.stringify(sample.body))
    if (isEmpty(sample)) assert.equal('reason' in event && event.reason, 'invalid')
    else assert.equal(event.name, sample.name)
    counts.set(event.name, (counts.get(event.name) ?? 0) + 1)
    if ('quotedMessage' in event && event.quotedMessage?.name !== undefined) quoted.add(event.quotedMessage.name)
  }), quarter)
  t.ok((counts.get('unrecognized') ?? 0) < quarter.numRuns / 5, 'few are empty')
  // Among fewer bodies, a kind can be missing by chance.
  const absent = Object.keys(notifications).filter((name) => !counts.has(name))
  if (quarter.numRuns >= 1500) t.strictSame(absent, [], 'every kind occurred')
  const missing = entries.flatMap(([name, { kind }]) => kind === 'message' && !quoted.has(name) ? [name] : [])
  if (quarter.numRuns >= 5000) t.strictSame(missing, [], 'every kind of message occurred in a quote')
})

t.test('the route answers 200 and emits one event of the declared type when a body is mutated', async (t) => {
  let app = Fastify()
  t.teardown(() => app.close())
  let seen = new Set<string>()
  let received: Array<Event | Unrecognized> = []
  let posted = 0
  await fc.assert(fc.asyncProperty(mutated, async (text) => {
    // A new server now and then, because it remembers every notification.
    if (posted++ % 1000 === 0) {
      await app.close()
      app = Fastify()
      await app.register(greenApi, { token })
      seen = new Set()
      for (const name of ['webhook', 'unrecognized'] as const) {
        app.greenApi.on(
          name, (event) => { received.push(deepFreeze(event)) }
        )
      }
    }
    received = []
    const { event, checksum } = recognizeAndCheck(text)
    const response = await post(app, text)

    assert.equal(response.statusCode, 200)
    assert.equal(response.body, '')
    const body = `${event.id} ${checksum}`
    assert.deepEqual(
      received.map((each) => ({ ...each, revision: 1 })), seen.has(body) ? [] : [event], 'a duplicate is dropped'
    )
    seen.add(body)
  }), half)
})

t.test('recognize returns the same event when a body has unknown members', async () => {
  fc.assert(fc.property(bodies, additions, ({ body }, additions) => {
    const { event } = recognizeAndCheck(JSON.stringify(withUnknown(body, additions)))
    assert.deepEqual(comparable(event), comparable(recognize(JSON.stringify(body)).event))
  }), quarter)
})

/** Recognizes a body and checks the event against the declared types. */
function recognizeAndCheck (text: string): RecognizedNotification {
  const notification = recognize(text)
  const { event, names } = notification
  assert.deepEqual(event.raw, rawOf(text))
  assert.equal(recognize(text).event.id, event.id)
  assert.ok(isJson({ ...event, raw: null }), 'the event can be written as JSON')
  assert.ok(names.every((name) => listenable.has(name)), names.join())
  if (event.name === 'unrecognized') {
    assertMatches(shapes.unrecognized, event)
    assert.equal(event.errors.length > 0, event.reason === 'invalid')
    assert.ok(!JSON.stringify(event.errors).includes(marker), 'errors contain no value of the body')
    return notification
  }
  const definition: Definition = notifications[event.name]
  assertMatches(shapes[definition.kind], event)
  assertMatches(validators[event.name], event.data)
  assert.ok(typesOf(definition).includes(event.typeMessage ?? event.typeWebhook), 'its type is one of its kind')
  const quotedMessage = 'quotedMessage' in event ? event.quotedMessage : undefined
  if (quotedMessage?.name !== undefined) assertMatches(validators[quotedMessage.name], quotedMessage.data)
  return notification
}

function rawOf (text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return isObject(parsed) && 'receiptId' in parsed && isObject(parsed.body) ? parsed.body : parsed
  } catch {
    // The event of invalid JSON in an envelope is without the envelope.
    const [, inside] = /^\s*\{\s*"receiptId"\s*:\s*"?\d+"?\s*,\s*"body"\s*:([^]*)$/.exec(text) ?? []
    return inside === undefined ? text : inside.trimEnd().replace(/\}$/, '')
  }
}

// Members named raw can have numbers that are too large for JSON.
function isJson (value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value !== 'object') return false
  return Object.entries(value).every(([name, member]) => name === 'raw' || isJson(member))
}

function assertMatches (validator: TypeCheck<TSchema>, value: unknown): void {
  if (!validator.Check(value)) {
    assert.deepEqual(
      [...validator.Errors(value)].map(({ path, message }) => `${path}: ${message}`), []
    )
  }
}

function isEmpty ({ name, ...sample }: Sample): boolean {
  const { content, quotedMessage } = withExactIds(sample)
  const definition: Definition = notifications[name]
  const data = definition.kind === 'message'
    ? definition.read(
      content, { content, quotedMessage }
    )
    : definition.read(content)
  return typeof data === 'string'
}

function withExactIds (sample: Omit<Sample, 'name'>): Omit<Sample, 'name'> {
  return JSON.parse(quoteLongIntegers(JSON.stringify(sample), idNames))
}

/** An event without its id and without raw. */
function comparable (event: Event | Unrecognized): unknown {
  return JSON.parse(JSON.stringify({ ...event, id: '' }, (name, value: unknown) => name === 'raw' ? undefined : value))
}

function shape (members: TProperties): TypeCheck<TSchema> {
  return TypeCompiler.Compile(Type.Object(members, { additionalProperties: false }))
}

function literals (...texts: string[]): TSchema {
  return Type.Union(texts.map((text) => Type.Literal(text)))
}

function typesOf (definition: Definition): readonly string[] {
  return definition.kind === 'message'
    ? [...definition.typeMessages, ...definition.fallbackTypeMessages]
    : [...definition.typeWebhooks, ...definition.fallbackTypeWebhooks, ...definition.journalTypeMessages]
}
