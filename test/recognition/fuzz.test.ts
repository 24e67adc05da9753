/**
 * Bodies made at random: 1000 that were tampered with, or as many as `FUZZ_RUNS` says, and others of
 * documented shapes. A failure tells the seed that led to it; `FUZZ_SEED` makes
 * the same bodies again.
 */
import assert from 'node:assert/strict'
import { Type, type TProperties, type TSchema } from '@sinclair/typebox'
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler'
import fc from 'fast-check'
import Fastify from 'fastify'
import greenApi, { notifications, type Event, type Unrecognized } from 'fastify-green-api'
import t from 'tap'
import { recognize, type RecognizedNotification } from '../../lib/recognition/recognize.ts'
import type { Definition } from '../../lib/schemas/definition.ts'
import { origins } from '../../lib/schemas/index.ts'
import { isObject } from '../../lib/schemas/values.ts'
import { post, token } from '../helpers/app.ts'
import { bodies, type Sample } from '../helpers/arbitrary.ts'
import { additions, marker, mutated, withUnknown } from '../helpers/mutation.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 1000)
const time = 120_000 + numRuns * 5
const settings = {
  ...process.env.FUZZ_SEED !== undefined && { seed: Number(process.env.FUZZ_SEED) },
  // Looking for the smallest body that fails may take long.
  interruptAfterTimeLimit: time,
  markInterruptAsFailure: true
}

// With fewer a kind may be missing among them by chance.
const fewer = { ...settings, numRuns: Math.max(1500, Math.ceil(numRuns / 3)) }

t.setTimeout(time * 4)

const entries = Object.entries<Definition>(notifications)

// Of an object's keys, TypeScript forgets the names.
const validators = Object.fromEntries(entries.map(([name, { data }]) => [name, TypeCompiler.Compile(data)])) as Record<keyof typeof notifications, TypeCheck<TSchema>>

const listenable = new Set(['webhook', 'unrecognized', ...Object.keys(origins), ...entries.flatMap(([name, definition]) => [name, ...typesOf(definition)])])

const base = { name: Type.String(), id: Type.String({ minLength: 1 }), revision: Type.Literal(1), idInstance: Type.String(), timestamp: Type.Number(), raw: Type.Unknown() }
const content = { data: Type.Unknown(), typeInstance: Type.String(), wid: Type.String(), idMessage: Type.String(), chatId: Type.String() }

/** The members of events, as lib/events.ts has them. */
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
    quotedMessage: Type.Optional(Type.Object({ stanzaId: Type.String(), participant: Type.String(), typeMessage: Type.Optional(Type.String()) }))
  }),
  'service-event': shape({ ...base, ...content, typeWebhook: Type.String() }),
  unrecognized: shape({
    ...base,
    reason: literals('not-json', 'not-a-notification', 'unknown-type', 'invalid'),
    typeWebhook: Type.Optional(Type.String()),
    typeMessage: Type.Optional(Type.String()),
    errors: Type.Array(Type.Object({ path: Type.String(), message: Type.String() }, { additionalProperties: false }), { maxItems: 10 })
  })
}

t.test('a body of a documented shape is recognized as what it is, unless it says nothing', async (t) => {
  const counts = new Map<string, number>()
  const quoted = new Set<string>()
  fc.assert(fc.property(bodies, (sample) => {
    const { event } = recognizeAsPromised(JSON.stringify(sample.body))
    if (saysNothing(sample)) assert.equal('reason' in event && event.reason, 'invalid')
    else assert.equal(event.name, sample.name)
    counts.set(event.name, (counts.get(event.name) ?? 0) + 1)
    if ('quotedMessage' in event && event.quotedMessage?.name !== undefined) quoted.add(event.quotedMessage.name)
  }), fewer)
  t.ok((counts.get('unrecognized') ?? 0) < fewer.numRuns / 5, 'few say nothing')
  t.strictSame(Object.keys(notifications).filter((name) => !counts.has(name)), [], 'every kind was among them')
  t.strictSame(entries.flatMap(([name, { kind }]) => kind === 'message' && !quoted.has(name) ? [name] : []), [], 'every kind of message was quoted')
})

t.test('whatever is posted is answered with 200 and announced once, as the types promise', async (t) => {
  let app = Fastify()
  t.teardown(() => app.close())
  let announced = new Set<string>()
  let told: Array<Event | Unrecognized> = []
  let posted = 0
  await fc.assert(fc.asyncProperty(mutated, async (text) => {
    // What is remembered of the bodies before would grow with them.
    if (posted++ % 1000 === 0) {
      await app.close()
      app = Fastify()
      await app.register(greenApi, { token })
      announced = new Set()
      for (const name of ['webhook', 'unrecognized'] as const) app.greenApi.on(name, (event) => { told.push(event) })
    }
    told = []
    const { event, checksum } = recognizeAsPromised(text)
    const response = await post(app, text)

    assert.equal(response.statusCode, 200)
    assert.equal(response.body, '')
    const body = `${event.id} ${checksum}`
    assert.deepEqual(told.map((each) => ({ ...each, revision: 1 })), announced.has(body) ? [] : [event], 'an exact repeat is dropped')
    announced.add(body)
  }), { ...settings, numRuns })
})

t.test('members of unknown names change nothing', async () => {
  fc.assert(fc.property(bodies, additions, ({ body }, additions) => {
    const { event } = recognizeAsPromised(JSON.stringify(withUnknown(body, additions)))
    assert.deepEqual(meaning(event), meaning(recognize(JSON.stringify(body)).event))
  }), fewer)
})

/** What a body is recognized as, once it has been seen to be what the types say of it. */
function recognizeAsPromised (text: string): RecognizedNotification {
  const notification = recognize(text)
  const { event, names } = notification
  assert.deepEqual(event.raw, rawOf(text))
  assert.equal(recognize(text).event.id, event.id)
  assert.ok(isJson({ ...event, raw: null }), 'an event can be written as JSON')
  assert.ok(names.every((name) => listenable.has(name)), names.join())
  if (event.name === 'unrecognized') {
    holds(shapes.unrecognized, event)
    assert.equal(event.errors.length > 0, event.reason === 'invalid')
    assert.ok(!JSON.stringify(event.errors).includes(marker), 'errors hold no value of the body')
    return notification
  }
  const definition: Definition = notifications[event.name]
  holds(shapes[definition.kind], event)
  holds(validators[event.name], event.data)
  assert.ok(typesOf(definition).includes(event.typeMessage ?? event.typeWebhook), 'its type is one of its kind')
  const quotedMessage = 'quotedMessage' in event ? event.quotedMessage : undefined
  if (quotedMessage?.name !== undefined) holds(validators[quotedMessage.name], quotedMessage.data)
  return notification
}

function rawOf (text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return isObject(parsed) && 'receiptId' in parsed && isObject(parsed.body) ? parsed.body : parsed
  } catch {
    // Of what is no JSON in an envelope the envelope's own part is none of it.
    const [, inside] = /^\s*\{\s*"receiptId"\s*:\s*"?\d+"?\s*,\s*"body"\s*:([^]*)$/.exec(text) ?? []
    return inside === undefined ? text : inside.trimEnd().replace(/\}$/, '')
  }
}

// What is kept as it came may hold numbers that are too large for JSON.
function isJson (value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return value === null || typeof value === 'string' || typeof value === 'boolean'
  return Object.entries(value).every(([name, member]) => name === 'raw' || isJson(member))
}

function holds (validator: TypeCheck<TSchema>, value: unknown): void {
  if (!validator.Check(value)) assert.deepEqual([...validator.Errors(value)].map(({ path, message }) => `${path}: ${message}`), [])
}

function saysNothing ({ name, content, quotedMessage }: Sample): boolean {
  const definition: Definition = notifications[name]
  const data = definition.kind === 'message' ? definition.read(content, { content, quotedMessage }) : definition.read(content)
  return typeof data === 'string'
}

/** An event without what tells bodies apart, and without what is kept as it came. */
function meaning (event: Event | Unrecognized): unknown {
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
    : [...definition.typeWebhooks, ...definition.fallbackTypeWebhooks]
}
