import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { type Event, type WebhookOptions } from 'fastify-green-api'
import type { Emulator, EmulatorOptions } from 'fastify-green-api/emulator'
import { lmdbInbox } from 'fastify-green-api/inbox/lmdb'
import t, { type Test } from 'tap'
import { emulate, send } from '../helpers/emulated.ts'
import { freePort } from '../helpers/free-port.ts'
import { until } from '../helpers/until.ts'

const chatId = '4915550001234@c.us'
const minute = 60_000

/** An application that is told of an instance's notifications, and the instance. */
class Shop {
  readonly events: Array<Event<'webhook' | 'unrecognized'>> = []
  /** What its listener does with each event. */
  work: (event: Event<'webhook' | 'unrecognized'>) => void | Promise<void> = () => {}
  readonly emulator: Emulator
  readonly options: () => Partial<WebhookOptions>
  readonly #port: number
  #app: FastifyInstance | undefined

  constructor (emulator: Emulator, port: number, options: () => Partial<WebhookOptions>) {
    this.emulator = emulator
    this.#port = port
    this.options = options
  }

  static async open (t: Test, options: () => Partial<WebhookOptions> = () => ({}), emulation: EmulatorOptions = {}): Promise<Shop> {
    const port = await freePort()
    const settings = { webhookUrl: `http://127.0.0.1:${port}/green-api`, webhookUrlToken: 'first' }
    const shop = new Shop(await emulate(t, { instances: [{ settings }], ...emulation }), port, options)
    t.teardown(() => shop.close())
    await shop.start()
    return shop
  }

  /** Starts the application's server, of which nothing is left from before but what an inbox has. */
  async start (): Promise<void> {
    // An inbox is inspected before it is opened, which may take its time on a busy machine.
    this.#app = Fastify({ forceCloseConnections: true, pluginTimeout: 60_000 })
    await this.#app.register(greenApi, { token: 'first', ...this.options() })
    const listener = async (event: Event<'webhook' | 'unrecognized'>) => {
      await this.work(event)
      this.events.push(event)
    }
    this.#app.greenApi.on('webhook', listener)
    this.#app.greenApi.on('unrecognized', listener)
    await this.#app.listen({ host: '127.0.0.1', port: this.#port })
  }

  async close (): Promise<void> {
    await this.#app?.close()
  }

  /** Texts from the customer. */
  hear (...words: string[]): void {
    const instance = this.emulator.instance()
    for (const text of words) instance.receive(instance.build.textMessage({ text }, { chatId }))
  }

  /** What the customer wrote, in the order in which the application heard of it. */
  get heard (): string[] {
    return this.events.flatMap((event) => event.name === 'textMessage' ? [event.data.text] : [])
  }
}

t.test('a menu is sent, comes back, is delivered and read, and its answer finds it', async (t) => {
  const shop = await Shop.open(t)
  const idMessage = await send(shop.emulator, 'sendInteractiveButtons', {
    chatId, header: 'Order 4711', body: 'Is everything right?', footer: 'Thank you', buttons: [{ type: 'reply', buttonId: 'yes', buttonText: 'Yes' }, { type: 'copy', buttonId: 'code', buttonText: 'Code', copyCode: '4711' }]
  })
  await shop.emulator.idle()
  for (const device of ['android', 'ios', 'web'] as const) shop.emulator.instance().tap(idMessage, 'yes', { device })
  await shop.emulator.idle()

  t.match(shop.events, [
    { name: 'interactiveButtons', idMessage, sentBy: 'api', data: { header: 'Order 4711', body: 'Is everything right?', footer: 'Thank you', buttons: [{ type: 'reply', buttonId: 'yes' }, { type: 'copy', copyCode: '4711' }] } },
    ...['sent', 'delivered', 'read'].map((status) => ({ name: 'outgoingMessageStatus', idMessage, data: { status } })),
    ...['interactiveButtonsResponse', 'templateButtonsReplyMessage', 'templateButtonReplyMessage'].map((typeMessage) => ({ name: 'buttonReply', typeMessage, sender: chatId, data: { stanzaId: idMessage, buttonId: 'yes', buttonText: 'Yes', index: 0 } }))
  ])
})

t.test('an outage of the server loses nothing, and afterwards everything comes in its order', async (t) => {
  const shop = await Shop.open(t)
  shop.hear('one')
  await shop.emulator.idle()
  await shop.close()
  shop.hear('two', 'three')
  await shop.emulator.clock.sleep(3 * minute)
  t.strictSame(shop.heard, ['one'])
  await shop.start()
  await shop.emulator.idle()
  t.strictSame(shop.heard, ['one', 'two', 'three'])
})

t.test('a backlog of hours is delivered after downtime, however old it is', async (t) => {
  const shop = await Shop.open(t)
  await shop.close()
  const words = Array.from({ length: 500 }, (_, index) => String(index))
  shop.hear(...words)
  await shop.emulator.clock.advance(23 * 60 * minute)
  await shop.start()
  await shop.emulator.idle()
  t.strictSame(shop.heard, words)
})

t.test('a listener that fails holds the queue back, until it succeeds', async (t) => {
  const shop = await Shop.open(t)
  let calls = 0
  shop.work = () => { if (++calls < 3) throw new Error('the database is away') }
  const begun = shop.emulator.clock.now()
  shop.hear('one', 'two')
  await shop.emulator.idle()
  t.strictSame(shop.heard, ['one', 'two'])
  t.ok(shop.emulator.clock.now() - begun >= 2 * minute, 'a minute between the attempts')
})

t.test('what always fails is given up, and the queue goes on', async (t) => {
  const shop = await Shop.open(t, () => ({ attempts: 3 }))
  let calls = 0
  shop.work = (event) => {
    if (event.name === 'textMessage' && event.data.text === 'poison') {
      calls++
      throw new Error('of this one nothing can be made')
    }
  }
  shop.hear('poison', 'one')
  await shop.emulator.idle()
  t.equal(calls, 3)
  t.strictSame(shop.heard, ['one'])
})

t.test('what cannot be read holds nothing up', async (t) => {
  const shop = await Shop.open(t)
  const attempts: unknown[] = []
  shop.emulator.on('attempted', ({ status }) => { attempts.push(status) })
  shop.emulator.instance().setFaults({ malformed: 1, unknownTypes: 1 })
  shop.hear('one', 'two')
  await shop.emulator.idle()
  t.strictSame(shop.events.map((event) => 'reason' in event ? event.reason : event.name), ['not-json', 'unknown-type', 'textMessage', 'not-json', 'unknown-type', 'textMessage'])
  t.strictSame(attempts, [200, 200, 200, 200, 200, 200])
})

t.test('what the sender gave up waiting for is not worked at twice', async (t) => {
  const shop = await Shop.open(t, () => ({ timeout: 2 ** 31 - 1 }))
  let calls = 0
  shop.work = async () => {
    calls++
    await shop.emulator.clock.sleep(5 * minute)
  }
  shop.hear('one')
  await shop.emulator.idle()
  t.strictSame(shop.heard, ['one'])
  t.equal(calls, 1, 'the second attempt joins the first')
})

t.test('a token can be replaced while notifications wait, without losing any', async (t) => {
  let token: WebhookOptions['token'] = 'first'
  const shop = await Shop.open(t, () => ({ token }), { settingsDelay: 5 * minute })
  const instance = shop.emulator.instance()
  const refused: unknown[] = []
  shop.emulator.on('attempted', ({ status }) => { if (status !== 200) refused.push(status) })

  await shop.close()
  token = ['first', 'second']
  await shop.start()
  await shop.close()
  shop.hear('one', 'two', 'three', 'four')
  const applied = instance.applySettings({ webhookUrlToken: 'second' })
  await sleep(10)
  await shop.start()
  shop.hear('five')
  await shop.emulator.clock.advance(5 * minute)
  await applied
  shop.hear('six')
  await shop.emulator.idle()
  await shop.close()
  token = 'second'
  await shop.start()
  shop.hear('seven')
  await shop.emulator.idle()
  t.strictSame(shop.heard, ['one', 'two', 'three', 'four', 'five', 'six', 'seven'])
  t.notOk(refused.includes(401), 'not one was refused')
})

t.test('a token that is wrong keeps everything out, and loses nothing', async (t) => {
  let token = 'another'
  const shop = await Shop.open(t, () => ({ token }))
  shop.hear('one')
  await shop.emulator.clock.sleep(2 * minute)
  t.strictSame(shop.heard, [])
  await shop.close()
  token = 'first'
  await shop.start()
  await shop.emulator.idle()
  t.strictSame(shop.heard, ['one'])
})

t.test('repeats are dropped, also over a restart where there is an inbox', async (t) => {
  const path = t.testdir({})
  const shop = await Shop.open(t, () => ({ inbox: lmdbInbox({ path }) }))
  shop.emulator.instance().setFaults({ duplicates: 1 })
  for (const word of ['one', 'two']) {
    shop.hear(word)
    await shop.close()
    await shop.start()
  }
  await shop.emulator.idle()
  await until(() => shop.heard.length === 2)
  shop.emulator.instance().setFaults({})
  shop.hear('three')
  await shop.emulator.idle()
  await until(() => shop.heard.length >= 3)
  t.strictSame(shop.heard, ['one', 'two', 'three'])
})
