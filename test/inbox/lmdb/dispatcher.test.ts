import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { RecordingHandler, type Listener } from '../../../lib/inbox/conformance/recording-handler.ts'
import { Dispatcher } from '../../../lib/inbox/lmdb/dispatcher.ts'
import { only } from '../../helpers/app.ts'
import { MemoryStore } from '../../helpers/fixtures/memory-store.ts'
import { until } from '../../helpers/until.ts'

interface Options {
  readonly concurrency?: number
  readonly attempts?: number
  readonly backoff?: number
  readonly deliver?: Listener
}

/** Creates a dispatcher with a store in memory, and collects its log lines. */
function dispatch (t: Test, { concurrency = 4, attempts = 2, backoff = 1, deliver = () => {} }: Options = {}) {
  const store = new MemoryStore()
  const handler = new RecordingHandler(attempts, deliver, () => {})
  const lines: string[] = []
  t.intercept(handler.log, 'error', { value: (_: unknown, message: string) => { lines.push(message) } })
  const dispatcher = new Dispatcher(store, handler, concurrency, backoff)
  t.teardown(() => dispatcher.stop(0))
  return { store, handler, lines, dispatcher, started: () => handler.started.map(({ key }) => key) }
}

function series (name: string, length: number): string[] {
  return Array.from({ length }, (_, index) => `${name}-${index + 1}`)
}

const writeFailed = 'cannot write to the inbox; retrying'
const readFailed = 'cannot read the next notification of a chat; retrying'

/** Returns a function that throws the first time it applies. */
function once (applies: (...call: unknown[]) => boolean): (...call: unknown[]) => void {
  let failed = false
  return (...call) => {
    if (failed || !applies(...call)) return
    failed = true
    throw new Error('the disk is unavailable')
  }
}

t.test('Dispatcher does not block the event loop or other chats when a chat has a long backlog', async (t) => {
  const { store, dispatcher, started } = dispatch(t, { deliver: () => new Promise(() => {}) })
  store.add(...series('ada', 2000), 'bob-1')

  dispatcher.start()

  t.strictSame(started(), ['ada-1'])
  t.ok(store.writes.length < 600, 'the event loop gets a turn')
  await setImmediate()
  t.strictSame(started(), ['ada-1'])
  await until(() => started().length === 2)
  t.strictSame(started(), ['ada-1', 'bob-1'])
})

t.test('Dispatcher delivers a chat in order when many of its notifications are passed over', async (t) => {
  const { store, dispatcher, started } = dispatch(t, { deliver: () => setImmediate() })
  const keys = series('ada', 200)
  store.add(...keys)
  dispatcher.start()
  await until(() => store.pending.size === 0)
  t.strictSame(started(), keys)
})

t.test('Dispatcher retries when the store cannot be read', async (t) => {
  for (const method of ['read', 'get']) {
    await t.test(method, async (t) => {
      const { store, lines, dispatcher, started } = dispatch(t)
      store.fails = once((called) => called === method)
      store.add('ada-1', 'ada-2')
      dispatcher.start()
      await until(() => store.pending.size === 0)
      t.strictSame(started(), ['ada-1', 'ada-2'])
      t.strictSame(lines, ['cannot read the inbox; retrying'])
    })
  }
})

t.test('Dispatcher repeats a failed write and does not deliver twice', async (t) => {
  const cases: Array<[method: string, deliver: Listener, started: number]> = [
    ['remove', () => {}, 1],
    ['update', () => { throw new Error('boom') }, 2],
    ['bury', () => { throw new Error('boom') }, 2]
  ]
  for (const [method, deliver, attempts] of cases) {
    await t.test(method, async (t) => {
      const { store, lines, dispatcher, started } = dispatch(t, { deliver, backoff: 1 })
      store.add('ada-1')
      store.fails = once((called) => called === method)
      dispatcher.start()
      await until(() => store.writes.some((write) => write === `${method} ada-1`) && started().length === attempts)
      t.strictSame(lines, [writeFailed])
    })
  }
})

t.test('Dispatcher keeps the order of a chat when the store cannot be written for a while', async (t) => {
  let open: (value?: unknown) => void = () => {}
  const opened = new Promise((resolve) => { open = resolve })
  const { store, lines, dispatcher, started } = dispatch(t, { deliver: () => opened })
  const keys = series('ada', 60)
  const fails = new Map(['ada-34', 'ada-40'].map((key) => [key, once(() => true)]))
  store.fails = (method, subject) => {
    if (method === 'pass' &&
    typeof subject === 'object') fails.get(subject.key)?.()
  }
  store.add(...keys)
  dispatcher.start()
  await until(() => store.writes.includes('pass ada-60'))
  open()
  await until(() => store.pending.size === 0)
  t.strictSame(started(), keys)
  t.strictSame(lines, Array(2).fill(writeFailed), 'there are no other errors')
})

t.test('Dispatcher continues a chat after the store could not be read', async (t) => {
  const { store, lines, dispatcher, started } = dispatch(t)
  const keys = series('ada', 60)
  store.fails = once((method) => method === 'takePassed')
  store.add(...keys)
  dispatcher.start()
  await until(() => store.pending.size === 0)
  t.strictSame(started(), keys)
  t.strictSame(lines, [readFailed])
})

t.test('Dispatcher delivers other chats when the store does not find the next notification of one', async (t) => {
  const { store, lines, dispatcher, started } = dispatch(t)
  t.intercept(store, 'takePassed', { value: async () => [] })
  store.add(...series('ada', 60), 'bob-1')
  dispatcher.start()
  await until(() => lines.length > 0)
  t.strictSame(started().toSorted(), [...series('ada', 33), 'bob-1'].toSorted())
  t.equal(only(lines), readFailed)
})

t.test('Dispatcher starts no deliveries while too many writes wait', async (t) => {
  const { store, dispatcher, started } = dispatch(t, { concurrency: 100 })
  const writing: Array<() => void> = []
  t.intercept(store, 'remove', { value: () => new Promise<void>((resolve) => { writing.push(resolve) }) })
  store.add(...Array.from({ length: 3000 }, (_, index) => `chat${index}-1`))
  dispatcher.start()
  await until(() => started().length >= 1024)
  await sleep(50)
  const { length } = started()
  t.ok(length < 1024 + 100, 'only running deliveries are added')
  for (const written of writing.splice(0)) written()
  await until(() => started().length > length)
})

t.test('Dispatcher retries nothing after stop', async (t) => {
  const cases = [
    { method: 'remove', fails: 'before', logged: [writeFailed] },
    { method: 'takePassed', fails: 'before', logged: [readFailed] },
    { method: 'takePassed', fails: 'after', logged: [] }
  ] as const
  for (const { method, fails, logged } of cases) {
    await t.test(`when ${method} fails ${fails} stop`, async (t) => {
      let open: (value?: unknown) => void = () => {}
      const opened = new Promise((resolve) => { open = resolve })
      const {
        store, lines, dispatcher, started
      } = dispatch(t, { deliver: ({ key }) => key === 'ada-33' ? opened : key === 'ada-34' && new Promise(() => {}) })
      store.add(...series('ada', 60))
      dispatcher.start()
      await until(() => started().includes('ada-33'))
      let calls = 0
      let fail: () => void = () => {}
      t.intercept(store, method, {
        value: () => {
          calls++
          return new Promise((_resolve, reject) => { fail = () => { reject(new Error('the store is closed')) } })
        }
      })
      open()
      await until(() => calls === 1)
      if (fails === 'before') {
        fail()
        await setImmediate()
      }
      await dispatcher.stop(0)
      fail()
      await sleep(1200)
      t.equal(calls, 1)
      t.strictSame(lines, logged)
    })
  }
})
