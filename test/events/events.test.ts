import { on, once } from 'node:events'
import { expectTypeOf } from 'expect-type'
import Fastify, { type FastifyTypeProvider } from 'fastify'
import { Value } from '@sinclair/typebox/value'
import greenApi, {
  ButtonReply, InteractiveButtons, notifications, OutgoingMessageStatus, type Button, type DataOf, type Event,
  type EventMap, type EventName, type GreenApiOptions, type Listener, type MessageName, type PollingError,
  type QuotedMessage
} from 'fastify-green-api'
import { createBuilders } from 'fastify-green-api/testing'
import t from 'tap'
import type { Known } from '../../lib/schemas/values.ts'
import { build, collect, only, post, token } from '../helpers/app.ts'
import { buttons, menu, menuSent, replies, status, tap } from '../helpers/fixtures/notifications.ts'

const builders = createBuilders()

interface Polled { idInstance: string, apiTokenInstance: string | undefined }

interface TypeProvider extends FastifyTypeProvider { validator: unknown }

t.test('a listener has typed events without a cast', async (t) => {
  const app = await build(t)
  const menus: string[] = []

  app.greenApi.on('interactiveButtons', (event) => {
    expectTypeOf(event.name).toEqualTypeOf<'interactiveButtons'>()
    expectTypeOf(event.typeMessage).toExtend<string>()
    expectTypeOf(event.direction).toEqualTypeOf<'incoming' | 'outgoing'>()
    expectTypeOf(event.sentBy).toEqualTypeOf<'contact' | 'phone' | 'api'>()
    expectTypeOf(event.chatKind).toEqualTypeOf<'private' | 'group' | 'channel' | 'story' | 'broadcast' | 'unknown'>()
    expectTypeOf(event.statusMessage).toEqualTypeOf<string | undefined>()
    expectTypeOf(event.data.header).toEqualTypeOf<string | undefined>()
    expectTypeOf(event.data.body).toEqualTypeOf<string>()
    expectTypeOf(event.raw).toEqualTypeOf<unknown>()
    const { header, body, footer, buttons } = event.data
    menus.push(`${header ?? ''} ${body} ${footer ?? ''} ${buttons.length}`)
    // @ts-expect-error Cannot assign to 'body' because it is a read-only property.
    Object.freeze(event.data).body = ''
    // @ts-expect-error Property 'push' does not exist on type 'readonly …'.
    expectTypeOf(buttons.push)
    if (event.typeWebhook === 'incomingMessageReceived') expectTypeOf(event.sentBy).toEqualTypeOf<'contact'>()
    if (event.direction === 'incoming') expectTypeOf(event.sentBy).toEqualTypeOf<'contact'>()
    if (event.sentBy === 'api') expectTypeOf(event.direction).toEqualTypeOf<'outgoing'>()
  })
  app.greenApi.on('buttonReply', ({ data, typeMessage }) => {
    expectTypeOf(data.stanzaId).toEqualTypeOf<string>()
    expectTypeOf(data.index).toEqualTypeOf<number | undefined>()
    expectTypeOf(typeMessage).not.toEqualTypeOf<string>()
    // @ts-expect-error Property 'buttons' does not exist on type …
    expectTypeOf(data.buttons)
  })
  app.greenApi.on('outgoingMessageStatus', ({ data, typeWebhook }) => {
    expectTypeOf(typeWebhook).toEqualTypeOf<'outgoingMessageStatus'>()
    expectTypeOf(data.status).toExtend<string>()
    expectTypeOf<'delivered'>().toExtend<typeof data.status>()
    expectTypeOf<'invented tomorrow'>().toExtend<typeof data.status>()
  })
  app.greenApi.on('interactiveButtonsReply', (event) => {
    expectTypeOf(event).toEqualTypeOf<Event<'interactiveButtons'>>()
  })
  app.greenApi.on('templateButtonsReplyMessage', (event) => {
    expectTypeOf(event).toEqualTypeOf<Event<'buttonReply'>>()
  })
  app.greenApi.on('incomingMessageReceived', (event) => {
    expectTypeOf(event.typeWebhook).toEqualTypeOf<'incomingMessageReceived'>()
    expectTypeOf(event.name).toEqualTypeOf<MessageName>()
    expectTypeOf(event.direction).toEqualTypeOf<'incoming'>()
    if (event.name === 'buttonReply') expectTypeOf(event.data.buttonId).toEqualTypeOf<string>()
  })
  app.greenApi.on('webhook', (event) => {
    if (event.name === 'outgoingMessageStatus') expectTypeOf(event.data.status).toExtend<string>()
    expectTypeOf(event.chatId).toEqualTypeOf<string>()
  })
  app.greenApi.on('unrecognized', ({ reason, errors, chatId, direction }) => {
    expectTypeOf(chatId).toEqualTypeOf<string | undefined>()
    expectTypeOf(direction).toEqualTypeOf<'incoming' | 'outgoing' | undefined>()
    expectTypeOf(reason).toEqualTypeOf<'not-json' | 'not-a-notification' | 'unknown-type' | 'invalid' | 'too-large'>()
    expectTypeOf(errors[0]?.path).toEqualTypeOf<string | undefined>()
  })
  app.greenApi.on('failed', ({ event, error, attempts }) => {
    expectTypeOf(error).toEqualTypeOf<AggregateError>()
    expectTypeOf(attempts).toEqualTypeOf<number>()
    expectTypeOf(event.id).toEqualTypeOf<string>()
  })
  app.greenApi.on('pollingStopped', (event) => {
    expectTypeOf(event).toEqualTypeOf<Event<'pollingStopped'>>()
    expectTypeOf(event.idInstance).toEqualTypeOf<string>()
    expectTypeOf(event.error).toEqualTypeOf<PollingError>()
  })
  app.greenApi.on('interactiveButtons', async () => {})
  // @ts-expect-error Argument of type '"interactivButtons"' is not assignable to …
  t.throws(() => app.greenApi.on('interactivButtons', () => {}), { message: /Did you mean `interactiveButtons`\?$/ })
  // @ts-expect-error likewise in a list
  t.throws(() => app.greenApi.on(['webhook', 'interactivButtons'], () => {}))
  app.greenApi.on(['textMessage', 'buttonReply'], (event) => {
    expectTypeOf(event).toEqualTypeOf<Event<'textMessage'> | Event<'buttonReply'>>()
    if (event.name === 'buttonReply') expectTypeOf(event.data.buttonId).toEqualTypeOf<string>()
  })
  // @ts-expect-error likewise
  app.greenApi.once('error', () => {})
  // @ts-expect-error Type 'Promise<number>' is not assignable to type 'void | Promise<void>'
  app.greenApi.on('webhook', async () => 5)

  await post(app, menuSent())
  t.strictSame(menus, ['Order 4711 Your order is on its way 📦 Thank you 3'])
})

t.test('a switch over button.type is exhaustive when it has all types', async (t) => {
  const text = (button: Button): string => {
    switch (button.type) {
      case 'copy': return button.copyCode
      case 'call': return button.phoneNumber
      case 'url': return button.url
      case 'reply': return button.buttonId
      case 'unknown': return typeof button.raw
      default: return button satisfies never
    }
  }
  const app = await build(t)
  const menus = collect(app, 'interactiveButtons')
  await post(app, menuSent({ ...menu, buttons: [...buttons, ...replies, { type: 'new' }] }))
  t.strictSame(only(menus).data.buttons.map((button) => text({ ...button })), [
    'SPRING-10', '4930000000', 'https://shop.example/orders/4711', 'yes', 'no', 'object'
  ])
})

t.test('a union of events narrows when a member is compared', async (t) => {
  const app = await build(t)
  const texts: string[] = []
  app.greenApi.on('incomingMessageReceived', (event) => {
    switch (event.name) {
      case 'textMessage':
      case 'extendedTextMessage':
      case 'quotedMessage':
        texts.push(event.data.text)
        break
      case 'imageMessage':
        expectTypeOf(event.data.downloadUrl).toEqualTypeOf<string>()
        expectTypeOf(event.data.caption).toEqualTypeOf<string | undefined>()
        break
      case 'reactionMessage':
        // @ts-expect-error Property 'text' does not exist on type …
        expectTypeOf(event.data.text)
    }
    const { quotedMessage } = event
    expectTypeOf(quotedMessage).toEqualTypeOf<QuotedMessage | undefined>()
    if (quotedMessage?.name === 'locationMessage') expectTypeOf(quotedMessage.data.latitude).toEqualTypeOf<number>()
    if (quotedMessage?.name === undefined) expectTypeOf(quotedMessage?.data).toEqualTypeOf<undefined>()
  })
  app.greenApi.on('outgoingAPIMessageReceived', (event) => {
    expectTypeOf(event.sentBy).toEqualTypeOf<'api'>()
    // @ts-expect-error This comparison appears to be unintentional …
    if (event.direction === 'incoming') t.fail('an echo is incoming')
  })
  app.greenApi.on('buttonReply', (event) => {
    if (event.direction !== 'incoming') return
    expectTypeOf(event.sentBy).toEqualTypeOf<'contact'>()
    expectTypeOf(event.typeWebhook).toEqualTypeOf<'incomingMessageReceived' | undefined>()
  })
  app.greenApi.on('webhook', (event) => {
    if (event.name === 'incomingCall') expectTypeOf(event).toEqualTypeOf<Event<'incomingCall'>>()
    if (event.typeWebhook === 'outgoingMessageStatus') expectTypeOf(event.name).toEqualTypeOf<'outgoingMessageStatus'>()
    if (event.typeWebhook === 'incomingMessageReceived') expectTypeOf(event.name).toEqualTypeOf<MessageName>()
    expectTypeOf(event.direction).toEqualTypeOf<'incoming' | 'outgoing' | undefined>()
    if (event.direction === 'outgoing') expectTypeOf(event.sentBy).toEqualTypeOf<'phone' | 'api'>()
    if (event.sentBy === 'contact') expectTypeOf(event.name).toEqualTypeOf<MessageName>()
  })

  await post(app, tap())
  await post(app, menuSent(menu, {
    messageData: { typeMessage: 'textMessage', textMessageData: { textMessage: 'Hello' } },
    typeWebhook: 'incomingMessageReceived'
  }))
  t.strictSame(texts, ['Hello'])
})

t.test('deviceInfo and avatarInfo are both emitted as deviceInfo when they share the typeWebhook', async (t) => {
  const app = await build(t)
  const names: string[] = []
  app.greenApi.on('deviceInfo', (event) => {
    expectTypeOf(event.name).toEqualTypeOf<'deviceInfo' | 'avatarInfo'>()
    if (event.name === 'deviceInfo') expectTypeOf(event.data.battery).toEqualTypeOf<number | undefined>()
    else expectTypeOf(event.data.urlAvatar).toEqualTypeOf<string>()
    names.push(`deviceInfo: ${event.name}`)
  })
  app.greenApi.on('avatarInfo', (event) => {
    expectTypeOf(event.name).toEqualTypeOf<'avatarInfo'>()
    expectTypeOf(event.typeWebhook).toEqualTypeOf<'deviceInfo' | 'avatarInfo'>()
    names.push(`avatarInfo: ${event.name}`)
  })
  await post(app, { typeWebhook: 'deviceInfo', deviceData: { battery: 7 } })
  await post(app, { typeWebhook: 'deviceInfo', avatarInfo: { urlAvatar: '' } })
  t.strictSame(names, ['deviceInfo: deviceInfo', 'deviceInfo: avatarInfo', 'avatarInfo: avatarInfo'])
})

t.test('members with known values complete in the editor, and accept other strings', (t) => {
  expectTypeOf<Event<'stateInstanceChanged'>['data']['stateInstance']>().toEqualTypeOf<Known<
    'authorized' | 'notAuthorized' | 'blocked' | 'starting' | 'yellowCard' | 'sleepMode' | 'pendingCode' |
    'pendingPassword' | 'suspended'
  >>()
  expectTypeOf<'new'>().toExtend<Event<'stateInstanceChanged'>['data']['stateInstance']>()
  expectTypeOf<'new'>().toExtend<Event<'incomingCall'>['data']['status']>()
  expectTypeOf<'new'>().toExtend<Event<'textMessage'>['typeInstance']>()
  t.end()
})

t.test('events and listeners have named types', async (t) => {
  const listener: Listener<'buttonReply'> = ({ data }) => { expectTypeOf(data.buttonId).toEqualTypeOf<string>() }
  const work = async (event: Event<'interactiveButtons'>) => event.data.body
  expectTypeOf<DataOf<'interactiveButtons'>>().toEqualTypeOf<Event<'interactiveButtons'>['data']>()
  expectTypeOf<EventMap['interactiveButtons']>().toEqualTypeOf<[event: Event<'interactiveButtons'>]>()
  expectTypeOf<Event['name']>().toEqualTypeOf<EventName>()
  // @ts-expect-error Type '"interactivButtons"' does not satisfy the constraint …
  expectTypeOf<Event<'interactivButtons'>>()
  const app = await build(t)
  app.greenApi.on('buttonReply', listener)
    .on('templateButtonReplyMessage', listener)
    .off('templateButtonReplyMessage', listener)
  const all: Listener<'webhook'> = () => {}
  app.greenApi.on('interactiveButtons', all).once('outgoingMessageStatus', all)
  const options: GreenApiOptions = { token, prefix: '/v1' }
  app.register(greenApi, options)
  t.type(listener, 'function')
  t.type(work, 'function')
})

t.test('options are typed', async (t) => {
  expectTypeOf<{ token: string }>().toExtend<GreenApiOptions>()
  expectTypeOf<{ token: string | undefined, timeout: number | undefined }>().toExtend<GreenApiOptions>()
  expectTypeOf<{ token: string[] }>().toExtend<GreenApiOptions>()
  expectTypeOf<{ token: Record<string, string | string[]> }>().toExtend<GreenApiOptions>()
  expectTypeOf<{ token: false }>().toExtend<GreenApiOptions>()
  expectTypeOf<{ token: true }>().not.toExtend<GreenApiOptions>()
  expectTypeOf<object>().not.toExtend<GreenApiOptions>()

  expectTypeOf<{ path: false, poll: Polled }>().toExtend<GreenApiOptions>()
  expectTypeOf<{ path: false, poll: Array<Polled> }>().toExtend<GreenApiOptions>()
  expectTypeOf<{ token: string, poll: Polled }>().toExtend<GreenApiOptions>()
  expectTypeOf<{ path: false }>().not.toExtend<GreenApiOptions>()
  expectTypeOf<{ poll: Polled }>().not.toExtend<GreenApiOptions>()
  expectTypeOf<{ path: false, poll: Polled, token: string }>().not.toExtend<GreenApiOptions>()
  expectTypeOf<{ path: false, poll: { idInstance: string } }>().not.toExtend<GreenApiOptions>()

  const app = Fastify()
  // @ts-expect-error 'tokens' does not exist in type …
  app.register(greenApi, { token, tokens: [] })
  await t.rejects(Promise.resolve(app.ready()), /Unknown option `tokens`/)
})

t.test('every kind of server accepts the plugin', async (t) => {
  const http2 = Fastify({ http2: true })
  await http2.register(greenApi, { token })
  const logging = Fastify({ logger: { level: 'silent' } })
  await logging.register(greenApi, { token, logLevel: 'warn', prefix: '/v1' })
  const provided = Fastify().withTypeProvider<TypeProvider>()
  await provided.register(greenApi, { token })
  const called = Fastify()
  called.register(greenApi, { token }).after((error) => { t.error(error) })
  for (const app of [http2, logging, provided, called]) {
    await app.ready()
    t.type(app.greenApi.on, 'function')
    await app.close()
  }
})

t.test('once and on of node:events accept the emitter', async (t) => {
  const app = await build(t)
  const event = once(app.greenApi, 'interactiveButtons')
  const iterator = on(app.greenApi, 'buttonReply')
  await post(app, menuSent())
  await post(app, tap())
  t.equal((await event)[0].name, 'interactiveButtons')
  t.equal((await iterator.next()).value[0].name, 'buttonReply')
})

t.test('emitted data matches the schemas', async (t) => {
  const app = await build(t)
  const events = collect(app, 'webhook')
  const bodies = [menuSent({ ...menu, buttons: [...buttons, ...replies, null] }), tap(), status()]
  for (const body of bodies) await post(app, body)
  for (const { name, data } of events) t.ok(Value.Check(notifications[name].data, data), name)
  expectTypeOf<InteractiveButtons>().toExtend<{ body: string }>()
  t.ok(Value.Check(InteractiveButtons, events[0]?.data))
  t.ok(Value.Check(ButtonReply, events[1]?.data))
  t.ok(Value.Check(OutgoingMessageStatus, events[2]?.data))
})

t.test('incomingText is emitted for every text that the instance received, and for nothing else', async (t) => {
  const app = await build(t)
  const texts: string[] = []
  app.greenApi.on('incomingText', (event) => {
    expectTypeOf(event.name).toEqualTypeOf<'textMessage' | 'extendedTextMessage' | 'quotedMessage'>()
    expectTypeOf(event.direction).toEqualTypeOf<'incoming'>()
    expectTypeOf(event.sentBy).toEqualTypeOf<'contact'>()
    expectTypeOf(event.typeWebhook).toEqualTypeOf<'incomingMessageReceived' | undefined>()
    expectTypeOf(event).toEqualTypeOf<Event<'incomingText'>>()
    texts.push(`${event.name} ${event.data.text}`)
  })

  for (const build of [builders.textMessage, builders.extendedTextMessage, builders.quotedMessage]) {
    await post(app, build({ text: 'Hello' }, { sentBy: 'contact' }))
    await post(app, build({ text: 'Echo' }, { sentBy: 'phone' }))
    await post(app, build({ text: 'Echo' }, { sentBy: 'api' }))
  }
  await post(app, builders.editedMessage({}, { sentBy: 'contact' }))
  await post(app, builders.imageMessage({ caption: 'Hello' }, { sentBy: 'contact' }))
  await post(app, builders.buttonReply({}, { sentBy: 'contact' }))
  const record = { typeMessage: 'textMessage', textMessage: 'Found in the journal', chatId: '4915550001234@c.us' }
  await post(app, { ...record, type: 'incoming', idMessage: 'A' })
  await post(app, { ...record, type: 'outgoing', idMessage: 'B' })

  t.strictSame(texts, [
    'textMessage Hello', 'extendedTextMessage Hello', 'quotedMessage Hello', 'textMessage Found in the journal'
  ])
})

t.test('a listener of incomingText is awaited, retried and dead-lettered like any other', async (t) => {
  const app = await build(t, { attempts: 2 })
  const failed = collect(app, 'failed')
  app.greenApi.on('incomingText', async () => { throw new Error('boom') })
  const body = builders.textMessage()

  t.equal((await post(app, body)).statusCode, 503)
  t.equal((await post(app, body)).statusCode, 200)

  t.match(only(failed), { attempts: 2, error: { message: 'a listener failed: boom' } })
})
