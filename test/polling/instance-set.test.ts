import { expectTypeOf } from 'expect-type'
import Fastify from 'fastify'
import greenApi, { type PolledInstance, type PollLookup } from 'fastify-green-api'
import t, { type Test } from 'tap'
import { DirectDelivery } from '../../lib/delivery/direct-delivery.ts'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'
import { resolvePoll, type ResolvedPoll } from '../../lib/polling/options.ts'
import { InstanceSet } from '../../lib/polling/instance-set.ts'
import { Poller } from '../../lib/polling/poller.ts'
import { collect } from '../helpers/app.ts'
import { menu, menuSent } from '../helpers/fixtures/notifications.ts'
import { openQueue } from '../helpers/fixtures/notification-queue.ts'
import { until } from '../helpers/until.ts'

/** A set of pollers that calls its function every 20 ms. It stops when the test ends. */
function createSet (t: Test, poll: PollLookup, polledElsewhere: (instance: ResolvedPoll) => boolean = () => false) {
  const lines: Array<Record<string, unknown>> = []
  const stream = { write (line: string) { lines.push(JSON.parse(line)) } }
  const { log } = Fastify({ logger: { level: 'warn', stream } })
  const emitter = new GreenApiEmitter()
  const handler = new DirectDelivery(emitter)
  const findInstances = resolvePoll(poll)
  if (typeof findInstances !== 'function') throw new Error('not a function')
  const set = new InstanceSet(findInstances, {
    option: 'poll',
    log,
    isPolled: polledElsewhere,
    create: (instance) => new Poller(instance, {
      handler, log, delivery: { timeout: 1000, attempts: 5, bodyLimit: 1000 }, onStopped () {}
    }, { first: 20, longest: 100 })
  }, { interval: 20, timeout: 100 })
  t.teardown(() => Promise.all([set.stop(), handler.close()]))
  return { set, emitter, lines }
}

t.test('the option poll has a type for functions', async () => {
  expectTypeOf<() => PolledInstance>().toExtend<PollLookup>()
  expectTypeOf<() => Promise<readonly PolledInstance[]>>().toExtend<PollLookup>()
  expectTypeOf<() => Promise<undefined>>().not.toExtend<PollLookup>()
})

t.test('a set polls an instance as long as the function returns it', async (t) => {
  const [one, two] = await Promise.all([openQueue(t, '1'), openQueue(t, '2')])
  let instances: PolledInstance[] = [one.instance]
  const { set } = createSet(t, async () => instances)
  set.start()
  await until(() => one.asked)
  t.equal(two.calls.length, 0)

  instances = [one.instance, two.instance]
  await until(() => two.asked)
  t.equal(one.calls.length, 1, 'the other one goes on')

  instances = [two.instance]
  // It returns a function only for a function.
  const [first] = resolvePoll(one.instance) as ResolvedPoll[]
  await until(() => first !== undefined && !set.polls(first))
  one.add(menuSent())
  two.add(menuSent())
  await until(() => two.size === 0)
  t.equal(one.size, 1)
})

t.test('a set polls an instance with its new values when they change', async (t) => {
  const queue = await openQueue(t, '1')
  let receiveTimeout = 5
  const { set } = createSet(t, () => ({ ...queue.instance, receiveTimeout }))
  set.start()
  await until(() => queue.asked)

  receiveTimeout = 6

  await until(() => queue.urls.some((url) => url.endsWith('receiveTimeout=6')))
  t.equal(queue.urls.length, 2)
})

t.test('a set keeps its instances and logs an error when the function fails', async (t) => {
  const queue = await openQueue(t, '1')
  const failures: Array<() => PolledInstance | Promise<PolledInstance>> = [
    () => { throw new Error('database down') },
    () => Promise.reject(new Error('database down')),
    () => ({ ...queue.instance, apiTokenInstance: '' }),
    () => new Promise(() => {})
  ]
  const pending = [...failures]
  const { set, lines } = createSet(t, () => lines.length === 0 && queue.calls.length === 0
    ? queue.instance
    : (pending.shift() ?? (() => queue.instance))())
  set.start()
  await until(() => queue.asked && lines.length === failures.length)

  queue.add(menuSent())
  await until(() => queue.size === 0)

  const msg = 'poll lookup failed, the instances stay as they are'
  t.match(lines, [
    { level: 50, msg, err: { message: 'database down' } },
    { level: 50, msg, err: { message: 'database down' } },
    { level: 50, msg, err: { message: /^apiTokenInstance is empty/ } },
    { level: 50, msg, err: { message: 'the function `poll` did not return within 100 ms' } }
  ])
})

t.test('a set does not poll an instance that another registration polls', async (t) => {
  const [one, two] = await Promise.all([openQueue(t, '1'), openQueue(t, '2')])
  const { set, lines } = createSet(t, () => [one.instance, two.instance], ({ idInstance }) => idInstance === '1')
  set.start()
  await until(() => two.asked)

  t.equal(one.calls.length, 0)
  t.match(lines[0], { level: 50, idInstance: '1', msg: /^another registration/ })
})

t.test('a set starts no poller after it was stopped', async (t) => {
  const queue = await openQueue(t, '1')
  let resolve = (_: PolledInstance) => {}
  const found = new Promise<PolledInstance>((_resolve) => { resolve = _resolve })
  const { set } = createSet(t, () => found)
  set.start()

  await set.stop()
  resolve(queue.instance)
  await found
  await new Promise(setImmediate)

  // It returns a function only for a function.
  const [instance] = resolvePoll(queue.instance) as ResolvedPoll[]
  t.equal(instance && set.polls(instance), false)
})

t.test('the plugin polls what the function returns, with an empty list as well', async (t) => {
  const queue = await openQueue(t, '1')
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(greenApi, { path: false, poll: async () => queue.instance })
  await app.register(greenApi, { path: false, poll: () => [] })
  const events = collect(app, 'interactiveButtons')
  queue.add(menuSent(menu))

  await app.ready()

  await until(() => queue.size === 0)
  t.equal(events.length, 1)
})
