import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { type Event, type GreenApiOptions } from 'fastify-green-api'
import { Emulator, type EmulatedInstance } from 'fastify-green-api/emulator'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t, { type Test } from 'tap'
import { freePort } from '../../helpers/free-port.ts'
import { until } from '../../helpers/until.ts'

t.setTimeout(1_200_000)

const everything = { duplicates: 0.2, changedDuplicates: 0.2, malformed: 0.1, unknownTypes: 0.1, reorderedStatuses: 0.2 }

/** How many notifications of an instance wait at most: more would grow old at this pace. */
const crowd = 200

/** What was sent and what was handled, by its text. */
class Ledger {
  /** What was sent, and how often it was handled with success. */
  readonly #handled = new Map<string, number>()
  #sent = 0

  send (text: string): void {
    this.#sent++
    const key = hash('sha1', text, 'base64')
    if (!this.#handled.has(key)) this.#handled.set(key, 0)
  }

  /** What arrives is told by its own text: a parsed one is written as it was. */
  handle ({ raw }: Event<'webhook' | 'unrecognized'>): void {
    const key = hash('sha1', typeof raw === 'string' ? raw : JSON.stringify(raw), 'base64')
    this.#handled.set(key, (this.#handled.get(key) ?? 1000) + 1)
  }

  get open (): number {
    return Array.from(this.#handled.values()).filter((count) => count === 0).length
  }

  check (t: Test): void {
    const counts = new Map<number, number>()
    for (const count of this.#handled.values()) counts.set(count, (counts.get(count) ?? 0) + 1)
    t.strictSame([...counts], [[1, this.#handled.size]], 'each was handled once, and nothing else was')
    t.comment(`${this.#sent} sent, ${this.#handled.size} of them different`)
  }
}

/** An application that fails and loses connections now and then, and can be restarted. */
class Application {
  readonly #ledger: Ledger
  readonly #port: number
  readonly #options: () => GreenApiOptions
  /** The part of answers that are lost, of requests that are cut off, and of calls of listeners that fail. */
  readonly #troubles: { readonly lost: number, readonly cut: number, readonly failing: number }
  #app: FastifyInstance | undefined

  constructor (ledger: Ledger, port: number, options: () => GreenApiOptions, troubles = { lost: 0.01, cut: 0.01, failing: 0.01 }) {
    this.#ledger = ledger
    this.#port = port
    this.#options = options
    this.#troubles = troubles
  }

  async start (): Promise<void> {
    // An inbox is inspected before it is opened, which may take its time on a busy machine.
    const app = Fastify({ forceCloseConnections: true, pluginTimeout: 60_000 })
    this.#app = app
    app.addHook('onRequest', async ({ raw }) => { if (Math.random() < this.#troubles.cut) raw.destroy() })
    app.addHook('onSend', async ({ raw }) => { if (Math.random() < this.#troubles.lost) raw.destroy() })
    await app.register(greenApi, this.#options())
    const listener = async (event: Event<'webhook' | 'unrecognized'>) => {
      if (Math.random() < 0.1) await sleep(Math.random() * 5)
      if (Math.random() < this.#troubles.failing) throw new Error('of no consequence')
      this.#ledger.handle(event)
    }
    app.greenApi.on('webhook', listener)
    app.greenApi.on('unrecognized', listener)
    await app.listen({ host: '127.0.0.1', port: this.#port })
  }

  async close (): Promise<void> {
    await this.#app?.close()
  }
}

/** Makes an instance send so many notifications of all sorts. */
async function feed (instance: EmulatedInstance, count: number): Promise<void> {
  const { build } = instance
  for (let number = 0; number < count; number++) {
    while (instance.queue.size > crowd) await sleep(2)
    switch (number % 4) {
      case 0: instance.receive(build.interactiveButtons({ body: `menu ${number}` })); break
      case 1: instance.receive(build.buttonReply({ buttonId: String(number) })); break
      case 2: instance.receive(build.textMessage({ text: `text ${number}` })); break
      default: instance.receive(build.outgoingMessageStatus())
    }
  }
}

function makeEmulator (t: Test, ledger: Ledger, instances: number, webhookUrl: string): Emulator {
  const emulator = new Emulator({
    seed: t.name,
    clock: { speed: 1000 },
    faults: everything,
    instances: Array.from({ length: instances }, (_, index) => ({ idInstance: 1101000001 + index, settings: { webhookUrl, webhookUrlToken: 'secret' } }))
  })
  emulator.on('queued', ({ text }) => { ledger.send(text) })
  emulator.on('expired', () => { t.fail('a notification grew too old') })
  t.teardown(() => emulator.close())
  return emulator
}

t.test('100 000 notifications of ten instances are handled once each, whatever the sender, the network and the listeners do', { timeout: 900_000 }, async (t) => {
  const ledger = new Ledger()
  const port = await freePort()
  const emulator = makeEmulator(t, ledger, 10, `http://127.0.0.1:${port}/green-api`)
  const application = new Application(ledger, port, () => ({ token: 'secret', attempts: 1000 }))
  await application.start()
  t.teardown(() => application.close())
  await emulator.listen()
  await Promise.all(Array.from({ length: 10 }, (_, index) => feed(emulator.instance(1101000001 + index), 10_000)))
  await emulator.idle()
  ledger.check(t)
})

t.test('they are with an inbox, whenever the server is restarted', { timeout: 300_000 }, async (t) => {
  const ledger = new Ledger()
  const port = await freePort()
  const path = t.testdir({})
  const emulator = makeEmulator(t, ledger, 5, `http://127.0.0.1:${port}/green-api`)
  const application = new Application(ledger, port, () => ({ token: 'secret', attempts: 1000, inbox: sqliteInbox({ path, backoff: 20 }) }))
  await application.start()
  t.teardown(() => application.close())
  await emulator.listen()
  const feeding = Promise.all(Array.from({ length: 5 }, (_, index) => feed(emulator.instance(1101000001 + index), 2000))).then(() => true)
  let restarts = 0
  while (!await Promise.race([feeding, sleep(300 + Math.random() * 700, false)])) {
    await application.close()
    await sleep(Math.random() * 200)
    await application.start()
    restarts++
  }
  await emulator.idle()
  await until(() => ledger.open === 0)
  ledger.check(t)
  t.comment(`${restarts} restarts`)
  t.ok(restarts > 1)
})

t.test('they are where they are asked for', { timeout: 300_000 }, async (t) => {
  const ledger = new Ledger()
  const emulator = makeEmulator(t, ledger, 5, '')
  const apiUrl = await emulator.listen()
  const poll = Array.from({ length: 5 }, (_, index) => ({ apiUrl, idInstance: 1101000001 + index, apiTokenInstance: 'emulated-token', retryDelay: 50 }))
  const application = new Application(ledger, 0, () => ({ path: false, poll, attempts: 1000 }))
  await application.start()
  t.teardown(() => application.close())
  await Promise.all(Array.from({ length: 5 }, (_, index) => feed(emulator.instance(1101000001 + index), 1000)))
  await emulator.idle()
  ledger.check(t)
})
