import { fork, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { InvalidOptionError } from 'fastify-green-api'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t, { type Test } from 'tap'
import { RecordingHandler } from '../../../lib/inbox/conformance/recording-handler.ts'
import { Store } from '../../../lib/inbox/sqlite/store.ts'
import { entry } from '../../../lib/inbox/conformance/fixtures.ts'
import { build, collect, post, token } from '../../helpers/app.ts'
import { menu, menuSent, tap } from '../../helpers/fixtures/notifications.ts'
import { nodeFlags } from '../../helpers/node-flags.ts'
import { mountDisk, remount, withoutDisks } from '../../helpers/small-disk.ts'
import { execute } from '../../helpers/sqlite.ts'
import { until } from '../../helpers/until.ts'

/** Creates a server with the inbox at the path. Its errors go to `lines`. */
async function buildAt (t: Test, path: string, lines: string[] = []): Promise<FastifyInstance> {
  const logger = { level: 'error', stream: { write: (line: string) => { lines.push(line) } } }
  return await build(t, { inbox: sqliteInbox({ path, backoff: 10 }) }, { logger })
}

/** Registers the plugin with the inbox at the path, and returns the error. */
async function failure (path: string): Promise<Error> {
  const app = Fastify()
  app.register(greenApi, { token, inbox: sqliteInbox({ path }) })
  const error = await app.ready().then(() => undefined, (error: unknown) => error)
  await app.close()
  if (error instanceof Error) return error
  throw new Error('registering did not fail')
}

function file (t: Test): string {
  return join(t.testdir({}), 'inbox.db')
}

t.test('sqliteInbox throws when an option is wrong', async (t) => {
  const cases: Array<[Record<string, unknown>, RegExp]> = [
    [{}, /^path must be the path of a file/],
    [{ path: '' }, /^path must/],
    [{ path: ':memory:' }, /^path must/],
    [{ path: 5 }, /^path must/],
    [{ path: 'inbox', concurrency: 0 }, /^concurrency must be a whole number above 0/],
    [{ path: 'inbox', concurrency: 1.5 }, /^concurrency must/],
    [{ path: 'inbox', backoff: '5s' }, /^backoff must be a whole number above 0/],
    [
      { path: 'inbox', atempts: 5 },
      /^Unknown option `atempts` for sqliteInbox. Expected one of `path`, `concurrency`, `backoff`/
    ]
  ]
  for (const [options, message] of cases) {
    // As in JavaScript, without a type check.
    t.throws(
      () => sqliteInbox(options as { path: string }),
      { constructor: InvalidOptionError, message },
      JSON.stringify(options)
    )
  }
})

t.test('sqliteInbox creates the file and its folder', async (t) => {
  const path = join(t.testdir({}), 'with.a.dot', 'folder', 'inbox')
  const app = await buildAt(t, path)
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.ok(statSync(path).isFile())
})

t.test('sqliteInbox creates its file in an existing folder', async (t) => {
  const path = t.testdir({})
  const app = await buildAt(t, path)
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.ok(statSync(join(path, 'inbox.db')).isFile())
})

/** Starts another process that has the inbox open. */
async function hold (t: Test, path: string): Promise<ChildProcess> {
  const { NODE_V8_COVERAGE, NODE_OPTIONS, ...env } = process.env
  const holder = fork(
    fileURLToPath(new URL('../../helpers/fixtures/programs/holder.ts', import.meta.url)),
    [path],
    { env, execArgv: [...nodeFlags] }
  )
  t.teardown(() => { holder.kill('SIGKILL') })
  await once(holder, 'message')
  return holder
}

t.test('open rejects while another process has the inbox open', async (t) => {
  const path = file(t)
  const holder = await hold(t, path)

  t.match(await failure(path), {
    code: 'FST_GREEN_API_INBOX',
    message: `The inbox at ${path} is in use, here or by another process. Give each registration of the plugin its ` +
      'own file. To share an inbox between processes, use bullmqInbox'
  })

  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const app = await buildAt(t, path)
  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('open rejects while another scope of the process has the inbox open', async (t) => {
  const path = file(t)
  const app = await buildAt(t, path)
  t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: `The inbox at ${path} is in use` })
  t.equal((await post(app, menuSent())).statusCode, 200, 'the first scope still works')
  await app.close()
  await buildAt(t, path)
})

t.test('open rejects when the file cannot be opened', async (t) => {
  const folder = t.testdir({ file: 'no folder' })
  symlinkSync(join(folder, 'away', 'inbox.db'), join(folder, 'link'))
  mkdirSync(join(folder, 'taken', 'inbox.db'), { recursive: true })
  const cases = {
    'a folder that is a file': join(folder, 'file', 'inbox.db'),
    'a folder within a file': join(folder, 'file', 'folder', 'inbox.db'),
    'a link to a disk that is away': join(folder, 'link'),
    'a folder in place of the file': join(folder, 'taken')
  }
  for (const [name, path] of Object.entries(cases)) {
    const message = /^The inbox at .* cannot be opened: .*\. Check its folder, the permissions and the free space$/
    t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message }, name)
  }
})

t.test('open rejects when the folder is read-only', { skip: withoutDisks }, async (t) => {
  const path = join(mountDisk(t, '4m'), 'inbox.db')
  const before = await buildAt(t, path)
  await before.close()
  remount(join(path, '..'), 'ro')
  t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: /cannot be opened: .*\. Check its folder/ })
  t.match(await failure(join(path, '..', 'new.db')), { message: /cannot be opened: .*\. Check its folder/ })
})

t.test('close resolves when open rejected', async (t) => {
  const inbox = sqliteInbox({ path: join(t.testdir({ file: 'no folder' }), 'file', 'inbox') })
  await t.rejects(inbox.open(new RecordingHandler(1, () => {}, () => {})), { code: 'FST_GREEN_API_INBOX' })
  await t.rejects(inbox.pendingCount(), {
    code: 'FST_GREEN_API_INBOX',
    message: /is not open\. Use it after the plugin is registered and before the server closes$/
  })
  await t.resolves(inbox.close(100))
})

t.test('open rejects when the file is damaged or has something else', async (t) => {
  const path = file(t)
  writeFileSync(path, 'Dear diary\n'.repeat(1000))
  t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: /^The inbox at .* is damaged \(.*\)\. Restore/ })
  t.match(readFileSync(path, 'utf8'), /^Dear diary/, 'the file is not changed')

  rmSync(path)
  execute(path, 'CREATE TABLE diary (day TEXT)')
  t.match(await failure(path), { message: `${path} is a file of another program. Use another path` })

  rmSync(path)
  const app = await buildAt(t, path)
  await app.close()
  execute(path, 'PRAGMA user_version = 99')
  t.match(await failure(path), {
    message: `A newer version of fastify-green-api wrote the inbox at ${path}. Update the package`
  })
})

t.test('a damaged entry is not delivered, and becomes a dead letter', async (t) => {
  const path = file(t)
  const before = sqliteInbox({ path })
  await before.open(new RecordingHandler(3, () => {}, () => {}))
  for (const key of ['ada-1', 'ada-2', 'bob-1', 'cem-1', 'cem-2', 'dot-1']) await before.add(entry(key))
  await before.close(1000)
  execute(path, "UPDATE entry SET body = replace(body, 'ada', 'eve') WHERE key = 'ada-1'")
  execute(path, "UPDATE entry SET body = NULL WHERE key = 'bob-1'")
  execute(path, "UPDATE entry SET ordering_key = 'dot' WHERE key = 'cem-1'")

  const inbox = sqliteInbox({ path })
  const handler = new RecordingHandler(3, () => {}, () => {})
  t.teardown(() => inbox.close(0))
  await inbox.open(handler)
  inbox.start()
  await until(() => handler.deadLetterCalls.length === 3 && handler.delivered.length === 3)
  t.strictSame(handler.started.map(({ key }) => key).sort(), ['ada-2', 'cem-2', 'dot-1'])
  const dead = await inbox.deadLetters({ limit: 10 })
  t.strictSame(dead.map(({ key, body }) => [key, body]).sort(), [['ada-1', ''], ['bob-1', ''], ['cem-1', '']])
  t.match(dead[0]?.reason, /^The inbox at .* has a damaged entry: .*\. Discard it$/)
  t.strictSame(
    Object.keys(dead[0] ?? {}).sort(),
    ['attempts', 'body', 'failedAt', 'key', 'name', 'orderingKey', 'reason', 'revision'],
    'columns that only the inbox uses are left out'
  )

  t.equal(await inbox.retry('ada-1'), 1)
  await until(() => handler.deadLetterCalls.length === 4)
  t.equal(handler.delivered.length, 3, 'a damaged entry is not delivered when it is retried')
  t.equal(await inbox.discard('ada-1'), 1)
})

t.test('a server answers 503 when the disk is full, and delivers pending notifications', { skip: withoutDisks }, async (t) => {
  const folder = mountDisk(t, '2m')
  const lines: string[] = []
  const app = await buildAt(t, join(folder, 'inbox.db'), lines)
  const events = collect(app, 'webhook')
  const large = (idMessage: string) => menuSent({ ...menu, contentText: 'x'.repeat(300_000) }, { idMessage })
  t.equal((await post(app, menuSent())).statusCode, 200)
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)

  const ballast = join(folder, 'ballast')
  spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4096'])
  t.equal((await post(app, large('B'))).statusCode, 503)
  t.match(lines.map((line) => JSON.parse(line)).find(({ outcome }) => outcome === 'not-stored'), {
    err: { message: /cannot be written: database or disk is full\. Check .* the free space/ }
  })
  t.equal((await post(app, large('B'))).statusCode, 503, 'it is not a duplicate the second time')

  rmSync(ballast)
  t.equal((await post(app, large('B'))).statusCode, 200)
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(events.at(-1)?.id, '7103000042:outgoing:B')
})

t.test('duplicates are dropped for 48 hours, across restarts', async (t) => {
  const hour = 60 * 60 * 1000
  const begin = Date.now()
  let hours = 0
  t.intercept(Date, 'now', { value: () => begin + hours * hour })
  const path = file(t)
  let deliveries = 0
  const send = async (body: unknown) => {
    const app = await buildAt(t, path)
    app.greenApi.on('webhook', () => { deliveries++ })
    t.equal((await post(app, body)).statusCode, 200)
    await app.ready()
    await until(async () => await app.greenApi.inbox.pendingCount() === 0)
    await app.close()
  }
  const expected: Array<[hours: number, body: unknown, deliveries: number]> = [
    [0, menuSent(), 1],
    [47, tap(), 2],
    [47.9, menuSent(), 2],
    [50, menuSent(menu, { idMessage: 'B' }), 3],
    [94, tap(), 3],
    [99, menuSent(menu, { idMessage: 'C' }), 4],
    [100, menuSent(), 5]
  ]
  for (const [at, body, count] of expected) {
    hours = at
    await send(body)
    t.equal(deliveries, count, `after ${at} hours`)
  }
})

t.test('an entry that cannot be stored does not affect the duplicates of others that are stored with it', async (t) => {
  const inbox = sqliteInbox({ path: file(t) })
  t.teardown(() => inbox.close(0))
  await inbox.open(new RecordingHandler(1, () => {}, () => {}))
  // As in JavaScript, without a type check. SQLite cannot store an object.
  const invalid = entry('cem-1', { name: {} as string })

  const added = await Promise.allSettled(
    [entry('ada-1'), entry('ada-1'), invalid, entry('bob-1')].map((each) => inbox.add(each))
  )

  t.match(added, [{ value: true }, { value: false }, { reason: { code: 'FST_GREEN_API_INBOX' } }, { value: true }])
  t.equal(await inbox.pendingCount(), 2)
  t.strictSame(
    await Promise.all(['ada-1', 'bob-1', 'cem-1'].map((key) => inbox.add(entry(key)))), [false, false, true]
  )
})

t.test('Store forgets notifications after 48 hours, in the file and in memory', async (t) => {
  const path = file(t)
  const hour = 60 * 60 * 1000
  const add = (store: Store, name: string, count: number, hours: number) => store.change(false, () => {
    for (let index = 0; index < count; index++) store.add(entry(`${name}-${index}`), hours * hour)
  })
  const known = (store: Store, name: string) => {
    return Array.from({ length: 70 }, (_, index) => store.isKnown(`${name}-${index}`)).filter(Boolean).length
  }
  let store = new Store(path)
  t.teardown(() => { store.close() })
  add(store, 'ahead', 1, 10_000)
  add(store, 'old', 70, 1)
  add(store, 'recent', 70, 40)
  t.equal(known(store, 'old'), 70)

  // The position in the file does not begin again with each process.
  for (let start = 0; start < 7; start++) {
    store.close()
    store = new Store(path)
    add(store, `new${start}`, 10, 60)
  }

  t.strictSame([known(store, 'old'), known(store, 'recent'), known(store, 'new0')], [0, 70, 10])
  t.notOk(store.isKnown('ahead-0'), 'the clock was wrong')
  t.equal(store.knownSince(), 40 * hour)
  store.close()
  t.strictSame(execute(path, "SELECT count(*) AS count FROM seen WHERE key LIKE 'old%'"), [{ count: 0 }])
  store = new Store(path)
  t.strictSame([known(store, 'old'), known(store, 'recent')], [0, 70])
})

t.test('Store forgets what a transaction added when it is rolled back', async (t) => {
  const store = new Store(file(t))
  t.teardown(() => { store.close() })
  store.change(true, () => store.add(entry('ada-1'), Date.now()))

  t.throws(() => store.change(true, () => {
    t.equal(store.add(entry('ada-1', { checksum: 2 }), Date.now()), true)
    t.equal(store.add(entry('bob-1'), Date.now()), true)
    throw new Error('the disk is on fire')
  }), { code: 'FST_GREEN_API_INBOX' })

  t.strictSame([store.isKnown('ada-1'), store.isKnown('bob-1'), store.pendingCount()], [true, false, 1])
  store.change(true, () => {
    t.equal(store.add(entry('ada-1'), Date.now()), false, 'still a duplicate')
    t.equal(store.add(entry('ada-1', { checksum: 2 }), Date.now()), true)
    t.equal(store.add(entry('bob-1'), Date.now()), true)
    t.equal(store.add(entry('bob-1'), Date.now()), false)
  })
  t.strictSame(store.pending(0, 5).map(({ key, revision }) => [key, revision]), [['ada-1', 1], ['ada-1', 2], ['bob-1', 1]])
})

t.test('a store of an earlier version is upgraded', async (t) => {
  const path = file(t)
  const before = sqliteInbox({ path })
  await before.open(new RecordingHandler(1, () => {}, () => {}))
  await before.add(entry('ada-1'))
  await before.close(1000)

  const steps = [
    'the tables of version 1 exist already, so this is not SQL',
    "ALTER TABLE entry ADD COLUMN source TEXT NOT NULL DEFAULT 'webhook';"
  ]
  const upgraded = new Store(path, steps)
  t.equal(upgraded.pendingCount(), 1)
  upgraded.close()
  t.strictSame(execute(path, 'SELECT key, source FROM entry'), [{ key: 'ada-1', source: 'webhook' }])
  t.strictSame(execute(path, 'PRAGMA user_version'), [{ user_version: 2 }])

  new Store(path, steps).close()
  t.throws(() => new Store(path, [...steps, 'ALTER TABLE entry ADD COLUMN other TEXT; a mistake']))
  t.strictSame(execute(path, 'PRAGMA user_version'), [{ user_version: 2 }], 'a failed upgrade changes nothing')
  t.equal(execute(path, 'SELECT * FROM entry').length, 1)
})
