import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { RecordingHandler, type Listener } from '../../../lib/inbox/conformance/recording-handler.ts'
import { Dispatcher } from '../../../lib/inbox/lmdb/dispatcher.ts'
import { only } from '../../helpers/app.ts'
import { MemoryStore } from '../../helpers/fixtures/memory-store.ts'
import { until } from '../../helpers/until.ts'

/** A dispatcher of a store that fails as it is told to, and what it logs. */
function dispatch (t: Test, { concurrency = 4, attempts = 2, backoff = 1, deliver = () => {} }: { concurrency?: number, attempts?: number, backoff?: number, deliver?: Listener } = {}) {
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

const unwritten = 'the inbox cannot be written; what became of a notification is written later'
const untold = 'the inbox does not tell what comes next in a chat, and will be asked again'

/** Fails the first time. */
function once (applies: (...call: unknown[]) => boolean): (...call: unknown[]) => void {
  let failed = false
  return (...call) => {
    if (failed || !applies(...call)) return
    failed = true
    throw new Error('the disk is away')
  }
}

t.test('a chat with a long backlog keeps neither the process nor other chats waiting', async (t) => {
  const { store, dispatcher, started } = dispatch(t, { deliver: () => new Promise(() => {}) })
  store.add(...series('ada', 2000), 'bob-1')

  dispatcher.start()

  t.strictSame(started(), ['ada-1'])
  t.ok(store.writes.length < 600, 'no more are looked at before other work gets a turn')
  await setImmediate()
  t.strictSame(started(), ['ada-1'])
  await until(() => started().length === 2)
  t.strictSame(started(), ['ada-1', 'bob-1'])
})

t.test('a chat is delivered in order, however many of it are passed over', async (t) => {
  const { store, dispatcher, started } = dispatch(t, { deliver: () => setImmediate() })
  const keys = series('ada', 200)
  store.add(...keys)
  dispatcher.start()
  await until(() => store.pending.size === 0)
  t.strictSame(started(), keys)
})

t.test('where the store cannot be read, it is read again later', async (t) => {
  for (const method of ['read', 'get']) {
    await t.test(method, async (t) => {
      const { store, lines, dispatcher, started } = dispatch(t)
      store.fails = once((called) => called === method)
      store.add('ada-1', 'ada-2')
      dispatcher.start()
      await until(() => store.pending.size === 0)
      t.strictSame(started(), ['ada-1', 'ada-2'])
      t.strictSame(lines, ['the inbox cannot be read, and will be tried again'])
    })
  }
})

t.test('what became of a notification is written when it can be, and nothing is delivered twice', async (t) => {
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
      t.strictSame(lines, [unwritten])
    })
  }
})

t.test('what is passed over keeps its order where the store cannot be written for a while', async (t) => {
  let open: (value?: unknown) => void = () => {}
  const opened = new Promise((resolve) => { open = resolve })
  const { store, lines, dispatcher, started } = dispatch(t, { deliver: () => opened })
  const keys = series('ada', 60)
  const fails = new Map(['ada-34', 'ada-40'].map((key) => [key, once(() => true)]))
  store.fails = (method, subject) => { if (method === 'pass' && typeof subject === 'object') fails.get(subject.key)?.() }
  store.add(...keys)
  dispatcher.start()
  await until(() => store.writes.includes('pass ada-60'))
  open()
  await until(() => store.pending.size === 0)
  t.strictSame(started(), keys)
  t.strictSame(lines, Array(2).fill(unwritten), 'what cannot be there yet is not asked for')
})

t.test('a chat goes on when the store tells what comes next in it, if not at once', async (t) => {
  const { store, lines, dispatcher, started } = dispatch(t)
  const keys = series('ada', 60)
  store.fails = once((method) => method === 'takePassed')
  store.add(...keys)
  dispatcher.start()
  await until(() => store.pending.size === 0)
  t.strictSame(started(), keys)
  t.strictSame(lines, [untold])
})

t.test('a chat waits, and others do not, where the store does not know what comes next in it', async (t) => {
  const { store, lines, dispatcher, started } = dispatch(t)
  t.intercept(store, 'takePassed', { value: async () => [] })
  store.add(...series('ada', 60), 'bob-1')
  dispatcher.start()
  await until(() => lines.length > 0)
  t.strictSame(started().toSorted(), [...series('ada', 33), 'bob-1'].toSorted())
  t.equal(only(lines), untold)
})

t.test('nothing else is started while too much of what was delivered cannot be written', async (t) => {
  const { store, dispatcher, started } = dispatch(t, { concurrency: 100 })
  const writing: Array<() => void> = []
  t.intercept(store, 'remove', { value: () => new Promise<void>((resolve) => { writing.push(resolve) }) })
  store.add(...Array.from({ length: 3000 }, (_, index) => `chat${index}-1`))
  dispatcher.start()
  await until(() => started().length >= 1024)
  await sleep(50)
  const { length } = started()
  t.ok(length < 1024 + 100, 'no more than were at work')
  for (const written of writing.splice(0)) written()
  await until(() => started().length > length)
})

t.test('when it was stopped nothing is tried again', async (t) => {
  const cases = [
    { method: 'remove', fails: 'before', logged: [unwritten] },
    { method: 'takePassed', fails: 'before', logged: [untold] },
    { method: 'takePassed', fails: 'after', logged: [] }
  ] as const
  for (const { method, fails, logged } of cases) {
    await t.test(`where ${method} fails ${fails}`, async (t) => {
      let open: (value?: unknown) => void = () => {}
      const opened = new Promise((resolve) => { open = resolve })
      const { store, lines, dispatcher, started } = dispatch(t, { deliver: ({ key }) => key === 'ada-33' ? opened : key === 'ada-34' && new Promise(() => {}) })
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
