import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import greenApi, { type Event, type GreenApiOptions, type Inbox } from 'fastify-green-api'
import { recoverChannel, type RecoverMessage } from 'fastify-green-api/diagnostics'
import { Emulator, type EmulatedInstance, type EmulatorOptions } from 'fastify-green-api/emulator'
import type { Test } from 'tap'
import { routesOf } from '../../lib/http/registered-routes.ts'
import { resolveRecover, type RecoverOptions } from '../../lib/recovery/options.ts'
import { Recovery } from '../../lib/recovery/recovery.ts'
import { token } from './app.ts'
import { until } from './until.ts'

const minute = 60_000

/** An emulated instance, a server that receives its notifications, and the recovery of the instance. */
export interface Scene {
  readonly emulator: Emulator
  readonly instance: EmulatedInstance
  readonly app: FastifyInstance
  /** The events that the listeners received. */
  readonly events: Array<Event>
  /** What the listeners throw, if anything. */
  failure: Error | undefined
  readonly log: Array<Record<string, unknown>>
  /** What GREEN-API's methods answer instead of their own answers. */
  readonly answers: Map<string, (reply: FastifyReply) => unknown>
  /** Makes a pass when no notification waits in the queue. */
  pass (): Promise<RecoverMessage>
  /** Stops the recovery. */
  stop (): Promise<void>
  /** Moves the emulator's clock forward. */
  advance (minutes: number): Promise<void>
}

interface SceneOptions {
  readonly emulator?: EmulatorOptions
  readonly recover?: Omit<RecoverOptions, 'instances'>
  readonly inbox?: Inbox
  /** Whose notifications are received. Default: a new one. */
  readonly running?: Emulator
  readonly lock?: () => Promise<boolean>
  readonly apiUrl?: string
}

/** Everything is closed when the test ends. */
export async function createScene (t: Test, options: SceneOptions = {}): Promise<Scene> {
  const { running, recover, inbox, lock = async () => true } = options
  const emulator = running ?? new Emulator({ seed: t.name, ...options.emulator })
  if (running === undefined) t.teardown(() => emulator.close())
  const answers: Scene['answers'] = new Map()
  if (running === undefined) {
    emulator.server.addHook('onRequest', async ({ url }, reply) => {
      const [, , method = ''] = url.split('/')
      await answers.get(method)?.(reply)
    })
  }
  const apiUrl = await emulator.listen()
  const instance = emulator.instance()
  const { idInstance, apiTokenInstance } = instance

  const log: Scene['log'] = []
  const app = Fastify({
    forceCloseConnections: true,
    pluginTimeout: 60_000,
    logger: { level: 'info', stream: { write (line: string) { log.push(JSON.parse(line)) } } }
  })
  t.teardown(() => app.close())
  await app.register(greenApi, { token, inbox, attempts: 3 })
  const events: Scene['events'] = []
  const webhookUrl = `${await app.listen({ host: '127.0.0.1', port: 0 })}/green-api`
  await instance.applySettings({ webhookUrl, webhookUrlToken: token })

  const [route] = routesOf(app.greenApi)
  if (route === undefined) throw new Error('no route')
  const recovery = new Recovery({ apiUrl: options.apiUrl ?? apiUrl, idInstance, apiTokenInstance }, {
    handler: route.handler,
    delivery: { timeout: 1000, attempts: 3 },
    options: resolveRecover({ ...recover, instances: { idInstance, apiTokenInstance } }, []),
    log: app.log,
    lock
  })
  t.teardown(() => recovery.stop())
  const scene: Scene = {
    emulator,
    instance,
    app,
    events,
    failure: undefined,
    log,
    answers,
    async pass () {
      const messages: RecoverMessage[] = []
      const collect = (message: unknown) => { messages.push(message as RecoverMessage) }
      recoverChannel.subscribe(collect)
      await recovery.pass()
      recoverChannel.unsubscribe(collect)
      if (inbox !== undefined && scene.failure === undefined) {
        await until(async () => await app.greenApi.inbox.pendingCount() === 0)
      }
      const [message] = messages.filter(({ emitter }) => emitter === app.greenApi)
      if (message === undefined) throw new Error('the pass published no message')
      return message
    },
    stop: () => recovery.stop(),
    advance: (minutes) => emulator.clock.advance(minutes * minute)
  }
  app.greenApi.on('webhook', async (event) => {
    if (scene.failure !== undefined) throw scene.failure
    events.push(event)
  })
  // Like the plugin, which makes the first pass as soon as the server is ready.
  await recovery.pass()
  return scene
}

/** The ids of messages, in order. */
export function idsOf (events: ReadonlyArray<Pick<Event, 'idMessage'>>): string[] {
  return events.map(({ idMessage }) => idMessage)
}

interface Server {
  readonly app: FastifyInstance
  readonly events: Event[]
  /** What the passes of its recovery published. */
  readonly passes: RecoverMessage[]
}

/** Starts a server, and collects its events and passes. It closes when the test ends. */
export async function startWithRecovery (t: Test, options: GreenApiOptions): Promise<Server> {
  const app = Fastify({ forceCloseConnections: true, pluginTimeout: 60_000 })
  t.teardown(() => app.close())
  await app.register(greenApi, options)
  const events: Event[] = []
  app.greenApi.on('webhook', (event) => { events.push(event) })
  const passes: RecoverMessage[] = []
  const collect = (message: unknown) => {
    // The channel publishes one type of message.
    const pass = message as RecoverMessage
    if (pass.emitter === app.greenApi) passes.push(pass)
  }
  recoverChannel.subscribe(collect)
  t.teardown(() => { recoverChannel.unsubscribe(collect) })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, events, passes }
}
