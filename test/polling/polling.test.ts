import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyServerOptions } from 'fastify'
import greenApi, { PollingError, type PolledInstance, type BaseOptions } from 'fastify-green-api'
import t, { type Test } from 'tap'
import { DirectDelivery } from '../../lib/delivery/direct-delivery.ts'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'
import { Outage } from '../../lib/polling/outage.ts'
import { Poller } from '../../lib/polling/poller.ts'
import { collect, only, post, token } from '../helpers/app.ts'
import { MemoryInbox } from '../helpers/fixtures/memory-inbox.ts'
import { enveloped, menu, menuSent, status, tap } from '../helpers/fixtures/notifications.ts'
import {
  apiTokenInstance, openQueue, type NotificationQueue, type Reply
} from '../helpers/fixtures/notification-queue.ts'
import { until } from '../helpers/until.ts'

/** Creates a server that polls. It is closed when the test ends. */
async function polling (
  t: Test,
  poll: PolledInstance | PolledInstance[],
  options: BaseOptions = {},
  server: FastifyServerOptions = {}
): Promise<FastifyInstance> {
  const app = Fastify(server)
  t.teardown(() => app.close())
  await app.register(greenApi, { path: false, poll, ...options })
  return app
}

/** Creates a poller with short delays, and collects its log lines. */
function createPoller (t: Test, queue: NotificationQueue, backoff = { first: 20, longest: 100 }) {
  const { log, lines } = logOf()
  const emitter = new GreenApiEmitter()
  const handler = new DirectDelivery(emitter)
  const stopped: PollingError[] = []
  const poller = new Poller(
    { ...queue.instance, receiveTimeout: 5, retryDelay: 20 },
    {
      handler,
      delivery: { timeout: 1000, attempts: 5, bodyLimit: 1000 },
      log,
      onStopped (error) { stopped.push(error) }
    },
    backoff
  )
  t.teardown(() => Promise.all([poller.stop(), handler.close()]))
  return { poller, handler, emitter, lines, stopped }
}

interface Line { level: number, msg: string, err?: { message: string }, [member: string]: unknown }

function logOf (): { log: FastifyBaseLogger, lines: Line[] } {
  const lines: Line[] = []
  const { log } = Fastify({
    logger: { level: 'debug', stream: { write (line: string) { lines.push(JSON.parse(line)) } } }
  })
  return { log, lines }
}

/** Creates a listener that runs until `open` is called. */
function gate () {
  let open: () => void = () => {}
  let calls = 0
  const opened = new Promise<void>((resolve) => { open = resolve })
  return { get calls () { return calls }, open: () => { open() }, listener: () => { calls++; return opened } }
}

/** Closes the server. Resolves with the duration in milliseconds. */
async function closing (app: FastifyInstance): Promise<number> {
  const began = performance.now()
  await app.close()
  return performance.now() - began
}

t.test('a poller deletes a notification after its listeners are done', async (t) => {
  const queue = await openQueue(t)
  const app = await polling(t, queue.instance)
  const menus = collect(app, 'interactiveButtons')
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  queue.add(menuSent())
  queue.add(tap())
  await app.ready()

  await until(() => work.calls === 1)
  await sleep(30)
  t.strictSame(queue.calls, ['receive'])
  work.open()
  await until(() => queue.asked)

  t.strictSame(queue.calls, ['receive', 'delete 1', 'receive', 'delete 2', 'receive'])
  t.match(only(menus), { id: /BAE5A0FE4711C0DE/, raw: menuSent(), data: { header: menu.titleText } })
  t.match(queue.urls[0], /^GET .*\?receiveTimeout=20$/)
})

t.test('polling starts when the server is ready, after listeners could subscribe', async (t) => {
  const queue = await openQueue(t)
  queue.add(menuSent())
  const app = await polling(t, {
    ...queue.instance, idInstance: Number(queue.idInstance), apiUrl: `${queue.instance.apiUrl}/`
  })
  await sleep(30)
  t.strictSame(queue.calls, [])
  t.equal(app.hasRoute({ method: 'POST', url: '/green-api' }), false, 'there is no route')
  await app.ready()
  const menus = collect(app, 'interactiveButtons')
  await until(() => menus.length === 1)
})

t.test('polling starts after the code that follows app.ready()', async (t) => {
  const queue = await openQueue(t)
  const app = await polling(t, queue.instance)
  const requests = t.capture(globalThis, 'fetch', globalThis.fetch)

  await app.ready()

  t.equal(requests().length, 0)
  await until(() => queue.asked)
})

t.test('a poller waits 30 s longer than receiveTimeout for an answer', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject } = createPoller(t, queue)
  const timers = t.capture(globalThis, 'setTimeout', globalThis.setTimeout)

  subject.start()
  await until(() => queue.asked)

  t.ok(timers().some(({ args }) => args[1] === 35_000))
})

t.test('a server that closes before it is ready does not poll', async (t) => {
  const queue = await openQueue(t)
  const first = await polling(t, queue.instance)
  await first.close()
  const second = await polling(t, queue.instance)
  await second.ready()
  await second.close()
  await sleep(30)
  t.strictSame(queue.calls, [])
})

t.test('a poller receives a notification again when a listener failed', async (t) => {
  const queue = await openQueue(t)
  const app = await polling(t, { ...queue.instance, retryDelay: 100 })
  let calls = 0
  app.greenApi.on('interactiveButtons', async () => { if (++calls < 3) throw new Error('boom') })
  queue.add(menuSent())
  await app.ready()
  await until(() => queue.size === 0)
  t.equal(calls, 3)
  t.strictSame(queue.calls.slice(0, 4), ['receive', 'receive', 'receive', 'delete 1'])
  const [first = 0, second = 0] = queue.times
  t.ok(second - first >= 95, 'after retryDelay')
})

t.test('a poller deletes a notification after the last attempt failed, and continues with the next', async (t) => {
  const queue = await openQueue(t)
  const app = await polling(t, { ...queue.instance, retryDelay: 10 }, { attempts: 2 })
  app.greenApi.on('interactiveButtons', () => { throw new Error('boom') })
  const failed = collect(app, 'failed')
  const taps = collect(app, 'buttonReply')
  queue.add(menuSent())
  queue.add(tap())
  await app.ready()
  await until(() => taps.length === 1)
  t.equal(only(failed).attempts, 2)
  t.equal(queue.calls.indexOf('delete 1'), 2)
})

t.test('a poller deletes a duplicate with another receipt without delivering it', async (t) => {
  const queue = await openQueue(t)
  const app = await polling(t, queue.instance)
  const events = collect(app, 'webhook')
  const unrecognized = collect(app, 'unrecognized')
  for (const body of [menuSent(), menuSent(), '{"text":"say "hello""}', '{"text":"say "hello""}', status()]) {
    queue.add(body)
  }
  await app.ready()
  await until(() => events.length === 2)
  t.equal(unrecognized.length, 1)
})

t.test('with an inbox, a poller deletes a notification after it is stored', async (t) => {
  const queue = await openQueue(t)
  const app = await polling(t, queue.instance, { inbox: new MemoryInbox('poll', { concurrency: 1, backoff: 10 }) })
  const work = gate()
  app.greenApi.on('webhook', work.listener)
  const unrecognized = collect(app, 'unrecognized')
  queue.add(menuSent())
  queue.add('{"text":"say "hello""}')
  queue.add(menuSent())
  await app.ready()
  await until(() => queue.size === 0)
  t.equal(work.calls, 1)
  t.equal(await app.greenApi.inbox.pendingCount(), 2, 'the third is a duplicate')
  work.open()
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.match(only(unrecognized), { reason: 'not-json', raw: '{"text":"say "hello""}' })
})

t.test('with an inbox, a poller receives a notification again when it could not be stored', async (t) => {
  const queue = await openQueue(t)
  const inbox = new MemoryInbox('poll, full', { concurrency: 1, backoff: 10 })
  const add = inbox.add.bind(inbox)
  inbox.add = async () => { inbox.add = add; throw new Error('the disk is full') }
  const app = await polling(t, { ...queue.instance, retryDelay: 20 }, { inbox })
  const menus = collect(app, 'interactiveButtons')
  queue.add(menuSent())
  await app.ready()
  await until(() => menus.length === 1 && queue.size === 0)
  t.strictSame(queue.calls.slice(0, 3), ['receive', 'receive', 'delete 1'])
})

t.test('a poller deletes a notification of any content, and continues with the next', async (t) => {
  const cases: Array<[text: string, reason: string]> = [
    ['{"receiptId":7,"body":{"text":"say "hello""}}', 'not-json'],
    ['{ "receiptId" : 7 , "body" : {"text":"say "receiptId":9"', 'not-json'],
    ['{"body":{"text":"say "receiptId":9 too"},"receiptId":7}\n', 'not-json'],
    ['{"receiptId":7,"body":null}', 'not-a-notification'],
    ['{"receiptId":"7","body":{"receiptId":9}}', 'not-a-notification'],
    ['{"body":{"receiptId":9},"receiptId":7}', 'not-a-notification'],
    ['{"receiptId":7}', 'not-a-notification'],
    ['{"receiptId":7,"body":{"typeWebhook":"of tomorrow"}}', 'unknown-type'],
    [`{"receiptId":7,"body":{"text":"${'x'.repeat(2000)}"}}`, 'too-large']
  ]
  for (const [text, reason] of cases) {
    const queue = await openQueue(t)
    const { poller: subject, emitter } = createPoller(t, queue)
    const unrecognized: unknown[] = []
    emitter.on('unrecognized', (event) => { unrecognized.push(event.reason) })
    queue.replies.receiveNotification.push([200, text])
    subject.start()
    await until(() => queue.asked)
    t.strictSame(unrecognized, [reason], text)
    t.strictSame(queue.calls, ['receive', 'delete 7', 'receive'], text)
  }
})

t.test('a poller keeps all digits of a receipt', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject } = createPoller(t, queue)
  for (const receipt of ['9007199254740993', '123456789012345678901234567890', '0']) queue.add(menuSent(), receipt)
  subject.start()
  await until(() => queue.size === 0)
  t.strictSame(queue.calls.filter(
    (call) => call !== 'receive'
  ), ['delete 9007199254740993', 'delete 123456789012345678901234567890', 'delete 0'])
})

t.test('a poller waits before the next request when an empty answer comes early', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, lines } = createPoller(t, queue, { first: 50, longest: 50 })
  queue.replies.receiveNotification.push([200, 'null'], [200, ''], [200, 'null'])
  subject.start()
  await until(() => queue.asked)
  const [first = 0, , , fourth = 0] = queue.times
  t.ok(fourth - first >= 100, `three delays took ${fourth - first} ms`)
  t.strictSame(lines, [])
})

t.test('a poller sends the next request at once when an empty answer comes late', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject } = createPoller(t, queue, { first: 1000, longest: 1000 })
  let answered = 0
  queue.replies.receiveNotification.push((response) => {
    setTimeout(() => { response.end('null'); answered = performance.now() }, 1000)
  })
  subject.start()
  await until(() => queue.asked)
  t.ok(Number(queue.times[1]) - answered < 900)
})

t.test('a poller retries a failed request with growing delays, and logs one warning', async (t) => {
  const replies: Record<string, Reply> = {
    'a status of 500': [500, ''],
    'a status of 429': [429, '{"message":"Too Many Requests"}'],
    'a status of 466': [466, ''],
    'a status of 400': [400, '{"message":"instance is starting or not authorized"}'],
    'a redirect': [302, ''],
    'a connection that breaks': (response) => { response.destroy() },
    'a body that ends early': (response) => {
      response.writeHead(200, { 'content-length': '5000' }).write('{"receiptId":1,"body":{')
      setTimeout(() => { response.destroy() }, 5)
    },
    'an odd answer': [200, '{"message":"so be it"}'],
    'an odd receipt': [200, '{"receiptId":null,"body":{}}'],
    'a page': [200, '<html>'],
    'a large page': [200, '<html>'.repeat(1000)]
  }
  for (const [name, reply] of Object.entries(replies)) {
    const queue = await openQueue(t)
    const { poller: subject, emitter, lines, stopped } = createPoller(t, queue, { first: 40, longest: 100 })
    const events: unknown[] = []
    for (const event of ['webhook', 'unrecognized'] as const) emitter.on(event, () => { events.push(event) })
    queue.replies.receiveNotification.push(reply, reply, reply, reply)
    queue.add(menuSent())
    subject.start()
    await until(() => queue.asked)
    const gaps = queue.times.slice(1, 5).map((time, index) => time - Number(queue.times[index]))
    for (const [index, longest] of [40, 80, 100, 100].entries()) {
      t.ok(Number(gaps[index]) >= longest / 2 - 2, `${name}: ${gaps.join()}`)
    }
    t.strictSame(events, ['webhook'], name)
    t.strictSame(stopped, [], name)
    const shown = lines.filter(({ msg }) => msg !== 'notification handled').map(({ level, msg }) => [level, msg])
    t.strictSame(shown, [
      [40, 'polling failed; retrying with a growing delay'],
      [20, 'polling failed again'], [20, 'polling failed again'], [20, 'polling failed again'],
      [30, 'polling works again']
    ], name)
    t.match(lines[0]?.err, { message: /^receiveNotification (was answered|has no answer)/ }, name)
  }
})

t.test('Outage doubles the delay up to the longest, each up to half shorter', (t) => {
  const { log } = logOf()
  const outage = new Outage(log, { first: 1000, longest: 60_000 })
  for (const longest of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]) {
    const pause = outage.recordFailure(new Error('away'))
    t.ok(pause >= longest / 2 && pause <= longest, `${pause} ms`)
  }
  t.end()
})

t.test('a poller starts with the first delay again in the next outage', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, lines } = createPoller(t, queue, { first: 10, longest: 60_000 })
  const refuse: Reply = [503, '']
  queue.replies.receiveNotification.push(
    ...Array.from({ length: 6 }, () => refuse), [200, '{"receiptId":1,"body":{}}'], refuse
  )
  subject.start()
  await until(() => queue.asked)
  queue.add(menuSent())
  await until(() => queue.size === 0)
  t.equal(queue.calls[7], 'delete 1')
  t.ok(Number(queue.times[9]) - Number(queue.times[8]) < 300, 'the seventh delay would be at least 320 ms')
  await until(() => lines.filter(({ msg }) => msg === 'polling works again').length === 2)
})

t.test('a poller continues after GREEN-API was unreachable', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, emitter, lines } = createPoller(t, queue)
  let menus = 0
  emitter.on('interactiveButtons', () => { menus++ })
  queue.close()
  subject.start()
  await until(() => lines.length > 2)
  t.match(lines[0]?.err?.message, /ECONNREFUSED/)
  queue.add(menuSent())
  await queue.open()
  await until(() => queue.asked)
  t.equal(menus, 1)
})

t.test('a poller retries when the delivery throws', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, handler, lines, stopped } = createPoller(t, queue)
  t.intercept(handler, 'receive', { value () { Reflect.deleteProperty(handler, 'receive'); throw new Error('boom') } })
  queue.add(menuSent())
  subject.start()
  await until(() => queue.size === 0)
  t.match(lines[0], { level: 40, err: { message: 'boom' } })
  t.strictSame(stopped, [])
})

t.test('a poller does not deliver a notification again when deleting it fails', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, emitter, lines } = createPoller(t, queue)
  let menus = 0
  emitter.on('interactiveButtons', () => { menus++ })
  queue.replies.deleteNotification.push(
    [500, ''], [429, ''], (response) => { response.destroy() }, [400, ''], [502, '']
  )
  queue.add(menuSent())
  subject.start()
  await until(() => queue.asked)
  t.equal(menus, 1)
  t.strictSame(queue.calls, [
    'receive', 'delete 1', 'delete 1', 'delete 1',
    'receive', 'delete 1', 'delete 1', 'delete 1', 'receive'
  ], 'after three failed deletes it is received again')
  t.equal(lines.filter(({ level }) => level === 40).length, 1, 'one outage')
})

t.test('a poller continues when the notification to delete is gone', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, lines } = createPoller(t, queue)
  queue.replies.receiveNotification.push([200, JSON.stringify(enveloped(menuSent(), 5))])
  subject.start()
  await until(() => queue.asked)
  t.strictSame(queue.calls, ['receive', 'delete 5', 'receive'])
  t.strictSame(lines.filter(({ level }) => level > 20), [])
})

t.test('a poller retries with growing delays when GREEN-API does not delete a notification', async (t) => {
  for (const answer of ['{"result":false}', '{"result":null}', '']) {
    const queue = await openQueue(t)
    const { poller: subject, emitter, lines } = createPoller(t, queue, { first: 40, longest: 80 })
    let menus = 0
    emitter.on('interactiveButtons', () => { menus++ })
    queue.replies.deleteNotification.push(...Array.from({ length: 5 }, (): Reply => [200, answer]))
    queue.add(menuSent())
    queue.add(tap())
    subject.start()
    await until(() => queue.asked)

    t.equal(menus, 1)
    t.strictSame(queue.calls.slice(0, 13), [
      ...Array.from({ length: 6 }, () => ['receive', 'delete 1']).flat(), 'receive'
    ])
    const [, , , first = 0, second = 0, , third = 0, , fourth = 0] = queue.times
    t.ok(second - first >= 18, 'the second ineffective delete counts as a failure')
    t.ok(third - second >= 38, 'delays grow')
    t.ok(fourth - third >= 38, 'up to the longest')
    t.strictSame(
      lines.filter(({ level }) => level > 20).map(({ msg }) => msg),
      ['polling failed; retrying with a growing delay', 'polling works again']
    )
    t.match(lines.find(
      ({ level }) => level === 40
    )?.err, { message: 'deleteNotification was answered 200 twice, but did not delete the notification' })
  }
})

t.test('a poller does not count an ineffective delete as a failure when another receipt follows', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, lines } = createPoller(t, queue)
  const received = (receiptId: number): Reply => [200, JSON.stringify(enveloped(menuSent(), receiptId))]
  queue.replies.receiveNotification.push(received(5), received(6), received(5), [200, 'null'], received(5), received(7))
  subject.start()
  await until(() => queue.asked)
  t.strictSame(queue.calls.filter(
    (call) => call !== 'receive'
  ), ['delete 5', 'delete 6', 'delete 5', 'delete 5', 'delete 7'])
  t.strictSame(lines.filter(({ level }) => level > 20), [])
})

t.test('a poller stops with a PollingError when the instance has a webhookUrl or an option is wrong', async (t) => {
  const says = 'Message cannot be received because custom webhook url is set. Please clear webhook url'
  const clearWebhookUrl = "Clear the webhookUrl in GREEN-API's console or with setSettings " +
    '(this takes up to 5 minutes), then restart the server. Or register the plugin with a route and without `poll`'
  const copyValue = "Copy the value from GREEN-API's console, then restart the server"
  const cases: Array<[Reply, string]> = [
    [
      [400, JSON.stringify({ message: says })],
      `Instance 7103000042 cannot be polled while it has a webhookUrl. ${clearWebhookUrl}`
    ],
    [
      [400, JSON.stringify({ reason: says })],
      `Instance 7103000042 cannot be polled while it has a webhookUrl. ${clearWebhookUrl}`
    ],
    [
      [200, JSON.stringify({ error: says })],
      `Instance 7103000042 cannot be polled while it has a webhookUrl. ${clearWebhookUrl}`
    ],
    [[200, says], `Instance 7103000042 cannot be polled while it has a webhookUrl. ${clearWebhookUrl}`],
    [[500, says], `Instance 7103000042 cannot be polled while it has a webhookUrl. ${clearWebhookUrl}`],
    [
      [401, ''],
      `Instance 7103000042 cannot be polled: the apiTokenInstance does not belong to this instance. ${copyValue}`
    ],
    [[403, '{"message":"Forbidden"}'], `the idInstance or the apiTokenInstance is wrong. ${copyValue}`],
    [[404, '<html>'], `the apiUrl or the idInstance is wrong. ${copyValue}`]
  ]
  for (const [reply, message] of cases) {
    const queue = await openQueue(t)
    const lines: string[] = []
    const app = await polling(t, queue.instance, {}, {
      logger: { level: 'debug', stream: { write (line: string) { lines.push(line) } } }
    })
    const stopped = collect(app, 'pollingStopped')
    queue.replies.receiveNotification.push(reply)
    await app.ready()
    await until(() => stopped.length > 0)
    await sleep(20)

    const event = only(stopped)
    t.match(event, {
      name: 'pollingStopped',
      idInstance: '7103000042',
      error: { name: 'PollingError', code: 'FST_GREEN_API_POLLING', message }
    })
    t.type(event.error, PollingError)
    t.match(event.error.cause, { method: 'receiveNotification' })
    t.strictSame(queue.calls, ['receive'])
    const { level, idInstance, msg } = JSON.parse(only(lines.filter((line) => line.includes('cannot be polled'))))
    t.match({ level, idInstance, msg }, { level: 50, idInstance: '7103000042', msg: message })
    t.notMatch(lines.join(), apiTokenInstance)
  }
})

t.test('a poller stops when deleteNotification answers that the instance has a webhookUrl', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, stopped } = createPoller(t, queue)
  queue.replies.deleteNotification.push([404, ''], [400, 'custom webhook url is set'])
  queue.add(menuSent())
  subject.start()
  await until(() => stopped.length > 0)
  t.strictSame(queue.calls, ['receive', 'delete 1', 'delete 1'], '404 for a receipt says nothing about the instance')
})

t.test('a poller does not stop when a customer writes the text of the webhookUrl error', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, emitter, stopped } = createPoller(t, queue)
  const texts: unknown[] = []
  emitter.on('buttonReply', ({ data }) => { texts.push(data.buttonText) })
  emitter.on('unrecognized', ({ reason }) => { texts.push(reason) })
  queue.add(tap({ selectedDisplayText: 'custom webhook url is set' }))
  queue.add('{"text":"say "custom webhook url is set""}')
  subject.start()
  await until(() => queue.asked)
  t.strictSame(texts, ['custom webhook url is set', 'not-json'])
  t.strictSame(stopped, [])
})

t.test('listeners of pollingStopped may fail and may close the server', async (t) => {
  const lines: Line[] = []
  const queue = await openQueue(t)
  const app = await polling(t, queue.instance, {}, {
    logger: { stream: { write (line: string) { lines.push(JSON.parse(line)) } } }
  })
  let closed = false
  app.greenApi.on('pollingStopped', async () => { throw new Error('boom') })
  app.greenApi.on('pollingStopped', async () => { await app.close(); closed = true })
  queue.replies.receiveNotification.push([401, ''])
  await app.ready()
  await until(() => closed)
  await until(() => lines.some(({ msg }) => msg === "a listener for 'pollingStopped' threw"))
})

t.test('instances are polled concurrently and independently', async (t) => {
  const [one, two, broken, refused] = await Promise.all(
    ['1', '2', '3', '4'].map((idInstance) => openQueue(t, idInstance))
  )
  if (one === undefined || two === undefined || broken === undefined || refused === undefined) {
    throw new Error('four queues were opened')
  }
  const app = await polling(t, [one, two, broken, refused].map(({ instance }) => instance))
  const stopped = collect(app, 'pollingStopped')
  const work = gate()
  const ids: string[] = []
  app.greenApi.on('webhook', ({ idInstance }) => {
    ids.push(idInstance)
    if (idInstance === '1') return work.listener()
  })
  one.add(menuSent(menu, { instanceData: { idInstance: 1 } }))
  for (const idMessage of ['A', 'B']) two.add(menuSent(menu, { idMessage, instanceData: { idInstance: 2 } }))
  broken.close()
  refused.replies.receiveNotification.push([401, ''])
  await app.ready()
  await until(() => two.size === 0 && stopped.length === 1)
  t.strictSame(ids, ['1', '2', '2'])
  t.equal(only(stopped).idInstance, '4')
  t.equal(one.size, 1)
  work.open()
  await until(() => one.size === 0)
})

t.test('polling and routes of one scope share the memory of seen notifications', async (t) => {
  const queue = await openQueue(t)
  const other = await openQueue(t, '2')
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(greenApi, { token, poll: queue.instance })
  await app.register(greenApi, { path: false, poll: [other.instance] })
  await app.register(greenApi, { token, path: '/other' })
  const menus = collect(app, 'interactiveButtons')
  t.equal((await post(app, menuSent())).statusCode, 200)
  queue.add(menuSent())
  other.add(menuSent(menu, { idMessage: 'B' }))
  await until(() => queue.size === 0 && other.size === 0)
  t.equal((await post(app, menuSent(menu, { idMessage: 'B' }), { url: '/other' })).statusCode, 200)
  t.equal(menus.length, 2)
})

t.test('a second registration in a scope throws when it polls the same instance', async (t) => {
  const queue = await openQueue(t)
  const app = await polling(t, [queue.instance])
  const again = async () => await app.register(greenApi, {
    path: false, poll: { ...queue.instance, idInstance: Number(queue.idInstance), apiUrl: `${queue.instance.apiUrl}/` }
  })
  await t.rejects(again, {
    name: 'InvalidOptionError',
    message: /^poll has instance 7103000042, which another registration in this scope polls: name it once/
  })

  const other = await polling(t, queue.instance)
  await t.resolves(
    async () => {
      await other.register(greenApi, {
        path: false, poll: { ...queue.instance, apiUrl: 'http://127.0.0.1:9' }
      })
    },
    'with another apiUrl it is another instance'
  )
})

t.test('closing aborts a receiveNotification that waits', async (t) => {
  const queue = await openQueue(t)
  const app = await polling(t, queue.instance)
  await app.ready()
  await until(() => queue.asked)
  t.ok(await closing(app) < 1000)
  await until(() => !queue.asked)
  t.strictSame(queue.calls, ['receive'])
})

t.test('closing waits until the running delivery is done and the notification deleted', async (t) => {
  for (const stored of [false, true]) {
    const queue = await openQueue(t)
    const inbox = new MemoryInbox('poll, closing', { concurrency: 1, backoff: 10 })
    const app = await polling(t, queue.instance, stored ? { inbox } : {})
    const work = gate()
    if (stored) {
      const add = inbox.add.bind(inbox)
      inbox.add = async (entry) => { const stored = await add(entry); await work.listener(); return stored }
    } else {
      app.greenApi.on('interactiveButtons', work.listener)
    }
    queue.add(menuSent())
    queue.add(tap())
    await app.ready()
    await until(() => work.calls === 1)
    let closed = false
    const close = app.close().then(() => { closed = true })
    await sleep(50)
    t.equal(closed, false)
    work.open()
    await close
    t.strictSame(queue.calls, ['receive', 'delete 1'])
    t.equal(queue.size, 1)
  }
})

t.test('closing does not delete a notification when its listener fails or times out', async (t) => {
  for (const listener of [
    async () => { await sleep(50); throw new Error('boom') }, () => new Promise<void>(() => {})
  ]) {
    const queue = await openQueue(t)
    const app = await polling(t, queue.instance, { timeout: 100 })
    let called = false
    app.greenApi.on('interactiveButtons', () => { called = true; return listener() })
    queue.add(menuSent())
    await app.ready()
    await until(() => called)
    t.ok(await closing(app) < 1000)
    t.strictSame(queue.calls, ['receive'])
  }
})

t.test('closing waits at most one second for deleteNotification', async (t) => {
  for (const begun of [true, false]) {
    const lines: Line[] = []
    const queue = await openQueue(t)
    const app = await polling(t, queue.instance, {}, {
      logger: { stream: { write (line: string) { lines.push(JSON.parse(line)) } } }
    })
    const work = gate()
    app.greenApi.on('interactiveButtons', work.listener)
    queue.replies.deleteNotification.push(() => {})
    queue.add(menuSent())
    await app.ready()
    await until(() => work.calls === 1)
    if (begun) {
      work.open()
      await until(() => queue.calls.includes('delete 1'))
    }
    const close = closing(app)
    if (!begun) work.open()
    const took = await close
    t.ok(took > 900 && took < 2500, `${took} ms`)
    t.match(lines.at(-1), {
      level: 40,
      idInstance: '7103000042',
      msg: 'could not delete a notification before the server closed; it will be received again'
    })
  }
})

t.test('closing does not wait for retryDelay', async (t) => {
  const queue = await openQueue(t)
  const app = await polling(t, { ...queue.instance, retryDelay: 600_000 })
  let calls = 0
  app.greenApi.on('interactiveButtons', () => { calls++; throw new Error('boom') })
  queue.add(menuSent())
  await app.ready()
  await until(() => calls === 1)
  await sleep(10)
  t.ok(await closing(app) < 1000)
  t.strictSame(queue.calls, ['receive'])
})

t.test('closing does not wait for the backoff delay', async (t) => {
  const queue = await openQueue(t)
  for (const reply of [[500, ''], (response) => { response.destroy() }] satisfies Reply[]) {
    queue.replies.receiveNotification.push(reply)
    const before = queue.calls.length
    const app = await polling(t, queue.instance)
    await app.ready()
    await until(() => queue.calls.length > before)
    await sleep(20)
    t.ok(await closing(app) < 1000)
  }
})

t.test('a notification received while the server closes stays in the queue', async (t) => {
  const queue = await openQueue(t)
  const { poller: subject, handler } = createPoller(t, queue)
  await handler.close()
  queue.add(menuSent())
  subject.start()
  await until(() => queue.calls.length === 1)
  await sleep(10)
  await subject.stop()
  t.equal(queue.calls.includes('delete 1'), false)
})

t.test('no log line contains the token', async (t) => {
  const lines: string[] = []
  const queue = await openQueue(t)
  const away = await openQueue(t, '2')
  away.close()
  const path = `/waInstance${queue.idInstance}/receiveNotification/${apiTokenInstance}`
  const app = await polling(t, [
    queue.instance, away.instance
  ], {}, { logger: { level: 'trace', stream: { write (line: string) { lines.push(line) } } } })
  app.greenApi.on('pollingStopped', ({ error }) => { app.log.error(error) })
  queue.replies.receiveNotification.push(
    [500, `cannot GET ${path}`], [400, JSON.stringify({ path, message: path })], [401, JSON.stringify({ path })]
  )
  await app.ready()
  await until(
    () => lines.some((line) => line.includes('cannot be polled')) && lines.some((line) => line.includes('ECONNREFUSED'))
  )
  await app.close()
  t.ok(lines.length > 4)
  t.notMatch(lines.join(), apiTokenInstance)
})

t.test('logLevel and logSerializers apply to polling', async (t) => {
  const lines: string[] = []
  const server = { logger: { level: 'debug', stream: { write (line: string) { lines.push(line) } } } }
  const queue = await openQueue(t)
  const app = await polling(t, queue.instance, { logLevel: 'info', logSerializers: { err: () => 'an error' } }, server)
  queue.add(menuSent())
  queue.replies.receiveNotification.push([500, ''])
  await app.ready()
  await until(() => queue.asked)
  t.match(lines.join(), '"idInstance":"7103000042","err":"an error"')
  t.notMatch(lines.join(), '"outcome":"delivered"')

  const loud = polling(t, queue.instance, { logLevel: 'loud' as 'info' }, server)
  await t.rejects(loud, /loud/)
})
