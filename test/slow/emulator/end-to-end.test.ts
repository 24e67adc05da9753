import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { type Event, type WebhookOptions } from 'fastify-green-api'
import type { Emulator, EmulatorOptions } from 'fastify-green-api/emulator'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t, { type Test } from 'tap'
import { emulate, send } from '../../helpers/emulated.ts'
import { freePort } from '../../helpers/free-port.ts'
import { until } from '../../helpers/until.ts'

const chatId = '4915550001234@c.us'
const minute = 60_000

/** An application with the plugin, and an emulator that posts to it. */
class Shop {
  readonly events: Array<Event<'webhook' | 'unrecognized'>> = []
  /** What the application's listener does with an event. */
  handle: (event: Event<'webhook' | 'unrecognized'>) => void | Promise<void> = () => {}
  readonly emulator: Emulator
  readonly options: () => Partial<WebhookOptions>
  readonly #port: number
  #app: FastifyInstance | undefined

  constructor (emulator: Emulator, port: number, options: () => Partial<WebhookOptions>) {
    this.emulator = emulator
    this.#port = port
    this.options = options
  }

  static async open (
    t: Test,
    options: () => Partial<WebhookOptions> = () => ({}),
    emulation: EmulatorOptions = {}
  ): Promise<Shop> {
    const port = await freePort()
    const settings = { webhookUrl: `http://127.0.0.1:${port}/green-api`, webhookUrlToken: 'first' }
    const shop = new Shop(await emulate(t, { instances: [{ settings }], ...emulation }), port, options)
    t.teardown(() => shop.close())
    await shop.start()
    return shop
  }

  /** Starts a new application on the same port; only an inbox keeps anything from the one before. */
  async start (): Promise<void> {
    // An inbox runs an integrity check before it opens, which can be slow on a busy machine.
    this.#app = Fastify({ forceCloseConnections: true, pluginTimeout: 60_000 })
    await this.#app.register(greenApi, { token: 'first', ...this.options() })
    const listener = async (event: Event<'webhook' | 'unrecognized'>) => {
      await this.handle(event)
      this.events.push(event)
    }
    this.#app.greenApi.on('webhook', listener)
    this.#app.greenApi.on('unrecognized', listener)
    await this.#app.listen({ host: '127.0.0.1', port: this.#port })
  }

  async close (): Promise<void> {
    await this.#app?.close()
  }

  /** Sends texts of the customer. */
  writeTexts (...texts: string[]): void {
    const instance = this.emulator.instance()
    for (const text of texts) instance.receive(instance.build.textMessage({ text }, { chatId }))
  }

  /** The texts of the customer that the application's listener has handled, in order. */
  get texts (): string[] {
    return this.events.flatMap((event) => event.name === 'textMessage' ? [event.data.text] : [])
  }
}

t.test('plugin emits the menu, its statuses and its taps when a menu is sent', async (t) => {
  const shop = await Shop.open(t)
  const idMessage = await send(shop.emulator, 'sendInteractiveButtons', {
    chatId,
    header: 'Order 4711',
    body: 'Is everything right?',
    footer: 'Thank you',
    buttons: [
      { type: 'reply', buttonId: 'yes', buttonText: 'Yes' },
      { type: 'copy', buttonId: 'code', buttonText: 'Code', copyCode: '4711' }
    ]
  })
  await shop.emulator.idle()
  for (const device of ['android', 'ios', 'web'] as const) shop.emulator.instance().tap(idMessage, 'yes', { device })
  await shop.emulator.idle()

  const tapTypes = ['interactiveButtonsResponse', 'templateButtonsReplyMessage', 'templateButtonReplyMessage']
  t.match(shop.events, [
    {
      name: 'interactiveButtons',
      idMessage,
      sentBy: 'api',
      data: {
        header: 'Order 4711',
        body: 'Is everything right?',
        footer: 'Thank you',
        buttons: [{ type: 'reply', buttonId: 'yes' }, { type: 'copy', copyCode: '4711' }]
      }
    },
    ...['sent', 'delivered', 'read'].map((status) => ({ name: 'outgoingMessageStatus', idMessage, data: { status } })),
    ...tapTypes.map((typeMessage) => ({
      name: 'buttonReply',
      typeMessage,
      sender: chatId,
      data: { stanzaId: idMessage, buttonId: 'yes', buttonText: 'Yes', index: 0 }
    }))
  ])
})

t.test('plugin receives everything in order when the server was down', async (t) => {
  const shop = await Shop.open(t)
  shop.writeTexts('one')
  await shop.emulator.idle()
  await shop.close()
  shop.writeTexts('two', 'three')
  await shop.emulator.clock.sleep(3 * minute)
  t.strictSame(shop.texts, ['one'])
  await shop.start()
  await shop.emulator.idle()
  t.strictSame(shop.texts, ['one', 'two', 'three'])
})

t.test('plugin receives a backlog of 23 hours when the server was down', async (t) => {
  const shop = await Shop.open(t)
  await shop.close()
  const texts = Array.from({ length: 500 }, (_, index) => String(index))
  shop.writeTexts(...texts)
  await shop.emulator.clock.advance(23 * 60 * minute)
  await shop.start()
  await shop.emulator.idle()
  t.strictSame(shop.texts, texts)
})

t.test('plugin holds the queue back until a failing listener succeeds', async (t) => {
  const shop = await Shop.open(t)
  let calls = 0
  shop.handle = () => { if (++calls < 3) throw new Error('no database connection') }
  const startedAt = shop.emulator.clock.now()
  shop.writeTexts('one', 'two')
  await shop.emulator.idle()
  t.strictSame(shop.texts, ['one', 'two'])
  t.ok(shop.emulator.clock.now() - startedAt >= 2 * minute, 'a minute between the attempts')
})

t.test('plugin goes on with the queue when a notification has failed max attempts', async (t) => {
  const shop = await Shop.open(t, () => ({ attempts: 3 }))
  let calls = 0
  shop.handle = (event) => {
    if (event.name === 'textMessage' && event.data.text === 'poison') {
      calls++
      throw new Error('unusable text')
    }
  }
  shop.writeTexts('poison', 'one')
  await shop.emulator.idle()
  t.equal(calls, 3)
  t.strictSame(shop.texts, ['one'])
})

t.test('plugin answers 200 when a body is malformed or of an unknown type', async (t) => {
  const shop = await Shop.open(t)
  const attempts: unknown[] = []
  shop.emulator.on('attempted', ({ status }) => { attempts.push(status) })
  shop.emulator.instance().setFaults({ malformed: 1, unknownTypes: 1 })
  shop.writeTexts('one', 'two')
  await shop.emulator.idle()
  t.strictSame(
    shop.events.map((event) => 'reason' in event ? event.reason : event.name),
    ['not-json', 'unknown-type', 'textMessage', 'not-json', 'unknown-type', 'textMessage']
  )
  t.strictSame(attempts, [200, 200, 200, 200, 200, 200])
})

t.test('listener runs once when the sender times out and posts again', async (t) => {
  const shop = await Shop.open(t, () => ({ timeout: 2 ** 31 - 1 }))
  let calls = 0
  shop.handle = async () => {
    calls++
    await shop.emulator.clock.sleep(5 * minute)
  }
  shop.writeTexts('one')
  await shop.emulator.idle()
  t.strictSame(shop.texts, ['one'])
  t.equal(calls, 1, 'the second post joins the running attempt')
})

t.test('plugin loses no notification when the token is replaced', async (t) => {
  let token: WebhookOptions['token'] = 'first'
  const shop = await Shop.open(t, () => ({ token }), { settingsDelay: 5 * minute })
  const instance = shop.emulator.instance()
  const refused: unknown[] = []
  shop.emulator.on('attempted', ({ status }) => { if (status !== 200) refused.push(status) })

  await shop.close()
  token = ['first', 'second']
  await shop.start()
  await shop.close()
  shop.writeTexts('one', 'two', 'three', 'four')
  const applied = instance.applySettings({ webhookUrlToken: 'second' })
  await sleep(10)
  await shop.start()
  shop.writeTexts('five')
  await shop.emulator.clock.advance(5 * minute)
  await applied
  shop.writeTexts('six')
  await shop.emulator.idle()
  await shop.close()
  token = 'second'
  await shop.start()
  shop.writeTexts('seven')
  await shop.emulator.idle()
  t.strictSame(shop.texts, ['one', 'two', 'three', 'four', 'five', 'six', 'seven'])
  t.notOk(refused.includes(401), 'no post is answered 401')
})

t.test('plugin receives nothing while its token is wrong, and everything when it is fixed', async (t) => {
  let token = 'another'
  const shop = await Shop.open(t, () => ({ token }))
  shop.writeTexts('one')
  await shop.emulator.clock.sleep(2 * minute)
  t.strictSame(shop.texts, [])
  await shop.close()
  token = 'first'
  await shop.start()
  await shop.emulator.idle()
  t.strictSame(shop.texts, ['one'])
})

t.test('plugin drops duplicates after a restart when there is an inbox', async (t) => {
  const path = t.testdir({})
  const shop = await Shop.open(t, () => ({ inbox: sqliteInbox({ path }) }))
  shop.emulator.instance().setFaults({ duplicates: 1 })
  for (const word of ['one', 'two']) {
    shop.writeTexts(word)
    await shop.close()
    await shop.start()
  }
  await shop.emulator.idle()
  await until(() => shop.texts.length === 2)
  shop.emulator.instance().setFaults({})
  shop.writeTexts('three')
  await shop.emulator.idle()
  await until(() => shop.texts.length >= 3)
  t.strictSame(shop.texts, ['one', 'two', 'three'])
})
