import { execFileSync, fork, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Fastify, { type FastifyInstance } from 'fastify'
import { open, type RootDatabase } from 'lmdb'
import t, { type Test } from 'tap'
import greenApi, { InvalidOptionError } from '../../../lib/index.ts'
import { RecordingHandler } from '../../../lib/inbox/conformance/recording-handler.ts'
import { lmdbInbox } from '../../../lib/inbox/lmdb/index.ts'
import { environment } from '../../../lib/inbox/lmdb/store.ts'
import { build, collect, post, token } from '../../helpers/app.ts'
import { menu, menuSent, tap } from '../../helpers/fixtures/notifications.ts'
import { until } from '../../helpers/until.ts'

// Each opening takes a process of its own, which takes its time where many others run.
t.setTimeout(600_000)
const unhurried = { pluginTimeout: 0 }

/** A server whose inbox is in the folder, with what it logs. */
async function buildAt (t: Test, path: string, lines: string[] = []): Promise<FastifyInstance> {
  const logger = { level: 'error', stream: { write: (line: string) => { lines.push(line) } } }
  return await build(t, { inbox: lmdbInbox({ path, backoff: 10 }) }, { logger, ...unhurried })
}

/** What registering with an inbox in the folder fails with. */
async function failure (path: string): Promise<Error> {
  const app = Fastify(unhurried)
  app.register(greenApi, { token, inbox: lmdbInbox({ path }) })
  const error = await app.ready().then(() => undefined, (error: unknown) => error)
  await app.close()
  if (error instanceof Error) return error
  throw new Error('it does not fail')
}

t.test('wrong options throw, and say what to write instead', async (t) => {
  const cases: Array<[Record<string, unknown>, RegExp]> = [
    [{}, /^path must be the path of a folder/],
    [{ path: '' }, /^path must/],
    [{ path: 5 }, /^path must/],
    [{ path: 'inbox', concurrency: 0 }, /^concurrency must be a whole number above 0/],
    [{ path: 'inbox', concurrency: 1.5 }, /^concurrency must/],
    [{ path: 'inbox', backoff: '5s' }, /^backoff must be a whole number above 0/],
    [{ path: 'inbox', atempts: 5 }, /^atempts is no option of lmdbInbox: write one of path, concurrency, backoff/]
  ]
  for (const [options, message] of cases) {
    // As somebody writes it whom no compiler warns.
    t.throws(() => lmdbInbox(options as { path: string }), { constructor: InvalidOptionError, message }, JSON.stringify(options))
  }
})

t.test('a folder that does not exist is made', async (t) => {
  const path = join(t.testdir({}), 'with.a.dot', 'inbox')
  const app = await buildAt(t, path)
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.ok(statSync(join(path, 'data.mdb')).isFile())
})

/** Another process, which has the inbox in the folder open. */
async function hold (t: Test, path: string): Promise<ChildProcess> {
  const { NODE_V8_COVERAGE, NODE_OPTIONS, ...env } = process.env
  const holder = fork(fileURLToPath(new URL('../../helpers/fixtures/programs/holder.ts', import.meta.url)), [path], { env, execArgv: ['--import', 'tsx'] })
  t.teardown(() => { holder.kill('SIGKILL') })
  await once(holder, 'message')
  return holder
}

t.test('a second process gets a clear error, until the first has ended', async (t) => {
  const path = t.testdir({})
  const holder = await hold(t, path)

  t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: `is in use by process ${holder.pid}: it can have one process at a time; where several are to share the work, use bullmqInbox` })

  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const app = await buildAt(t, path)
  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('a second process gets it even if the store of the first was moved away', async (t) => {
  const path = t.testdir({})
  const holder = await hold(t, path)
  rmSync(join(path, 'data.mdb'))
  t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: `is in use by process ${holder.pid}` })
})

t.test('a second scope of the same process gets one too', async (t) => {
  const path = t.testdir({})
  const app = await buildAt(t, path)
  t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: 'is open in this process already: give each scope a folder of its own' })
  t.equal((await post(app, menuSent())).statusCode, 200, 'the first is none the worse for it')
  await app.close()
  await buildAt(t, path)
})

t.test('where the folder cannot be made the error says so', async (t) => {
  const folder = t.testdir({ file: 'no folder' })
  for (const path of [join(folder, 'file'), join(folder, 'file', 'inbox')]) {
    t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: `the inbox at ${path} cannot be opened: ` })
  }
})

t.test('where the store cannot be opened the error says so', async (t) => {
  const cases: Array<[name: string, reason: string, make: (file: string) => void]> = [
    ['a folder in its place', 'Is a directory', (file) => { mkdirSync(file) }],
    ['a link to a disk that is away', 'No such file or directory', (file) => { symlinkSync(join(t.testdirName, 'away', 'data.mdb'), file) }]
  ]
  for (const [name, reason, make] of cases) {
    const path = join(t.testdir({}), name)
    mkdirSync(path)
    make(join(path, 'data.mdb'))
    t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: `the inbox at ${path} cannot be opened: ${reason}` }, name)
  }
})

t.test('an inbox that could not be opened can be closed', async (t) => {
  const inbox = lmdbInbox({ path: join(t.testdir({ file: 'no folder' }), 'file') })
  await t.rejects(inbox.open(new RecordingHandler(1, () => {}, () => {})), { code: 'FST_GREEN_API_INBOX' })
  await t.rejects(inbox.pendingCount(), { code: 'FST_GREEN_API_INBOX', message: /is not open$/ })
  await t.resolves(inbox.close(100))
})

t.test('a damaged store is no crash but a clear error', async (t) => {
  const sound = t.testdir({})
  const app = await buildAt(t, sound)
  app.greenApi.on('webhook', () => { throw new Error('boom') })
  for (let i = 0; i < 200; i++) await post(app, menuSent(menu, { idMessage: `A${i}`, senderData: { chatId: `${i}@c.us`, sender: '' } }))
  await app.close()
  const bytes = readFileSync(join(sound, 'data.mdb'))

  const damages: Record<string, (file: string) => void> = {
    'all of it overwritten': (file) => { writeFileSync(file, Buffer.alloc(bytes.length, 'damage')) },
    'all but the head overwritten': (file) => { writeFileSync(file, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 'damage')])) },
    'all but the head lost': (file) => { writeFileSync(file, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192)])) },
    'what tells its databases lost': (file) => {
      const marks = ['pending', 'passed', 'dead-keys']
      // Those that hold the names of all are the root of it, now and before.
      const pages = Array.from({ length: bytes.length / 4096 }, (_, index) => index * 4096)
      const emptied = Buffer.from(bytes)
      for (const start of pages) {
        const page = emptied.subarray(start, start + 4096)
        // Entries are at the end of a page.
        if (marks.every((mark) => page.includes(mark))) page.fill(0, 4096 - 512)
      }
      t.notOk(emptied.equals(bytes))
      writeFileSync(file, emptied)
    },
    'cut in half': (file) => { truncateSync(file, Math.floor(bytes.length / 8192) * 4096) },
    'something else': (file) => { writeFileSync(file, 'Dear diary\n'.repeat(1000)) }
  }
  for (const [name, damage] of Object.entries(damages)) {
    const path = join(t.testdirName, name)
    mkdirSync(path)
    writeFileSync(join(path, 'data.mdb'), bytes)
    damage(join(path, 'data.mdb'))
    t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: /is damaged \(.*\): restore the folder from a backup, or move it away/ }, name)
  }

  const odd: Record<string, [reason: RegExp, write: (root: RootDatabase) => Promise<unknown>]> = {
    'of another program': [/ is damaged \(it holds "diary", which no inbox does\): /, (root) => root.openDB({ name: 'diary' }).put(1, 'Dear diary')],
    'an entry that says nothing': [/ is damaged \(of 2 entries of "meta" 1 can be read\): /, (root) => root.openDB({ name: 'meta' }).put('more', undefined)]
  }
  for (const [name, [reason, write]] of Object.entries(odd)) {
    const path = join(t.testdirName, name)
    mkdirSync(path)
    writeFileSync(join(path, 'data.mdb'), bytes)
    const root = open({ path, ...environment })
    await write(root)
    await root.close()
    t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: reason }, name)
  }

  const empty = join(t.testdirName, 'empty')
  mkdirSync(empty)
  writeFileSync(join(empty, 'data.mdb'), '')
  t.equal((await post(await buildAt(t, empty), menuSent())).statusCode, 200, 'one that ended before it began is none')
})

t.test('what is left of a given-up notification that was lost is cleared away', async (t) => {
  const path = t.testdir({})
  const deadKeys = { name: 'dead-keys', dupSort: true, encoding: 'ordered-binary' } as const
  const before = open({ path, ...environment })
  await before.openDB(deadKeys).put('A', [Date.now(), 1])
  await before.close()

  const app = await buildAt(t, path)
  t.equal(await app.greenApi.inbox.retry('A'), false)
  await app.close()

  const after = open({ path, ...environment })
  t.equal(after.openDB(deadKeys).getKeysCount(), 0)
  await after.close()
})

/** A disk of two megabytes, in a folder of its own; nothing where this process may not mount one. */
function mountDisk (): { path: string, unmount: () => void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path])
  const remove = () => { rmSync(path, { recursive: true, force: true }) }
  if (status === 0) return { path, unmount: () => { execFileSync('umount', [path]); remove() } }
  remove()
}

t.test('a full disk is answered 503, and what waits is delivered', async (t) => {
  const disk = mountDisk()
  if (disk === undefined) return t.comment('skipped: only who may mount a small disk can fill it; run this test as root, on Linux')
  const lines: string[] = []
  const app = await buildAt(t, join(disk.path, 'inbox'), lines)
  const events = collect(app, 'webhook')
  const large = (idMessage: string) => menuSent({ ...menu, contentText: 'x'.repeat(300_000) }, { idMessage })
  t.equal((await post(app, menuSent())).statusCode, 200)

  const ballast = join(disk.path, 'ballast')
  spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4096'])
  t.equal((await post(app, large('B'))).statusCode, 503)
  t.match(JSON.parse(String(lines[0])), { outcome: 'not-stored', err: { message: /cannot be written: .*; 0 KiB are free on its disk/ } })
  t.equal((await post(app, large('B'))).statusCode, 503, 'nor does it pass for a repeat')

  rmSync(ballast)
  t.equal((await post(app, large('B'))).statusCode, 200)
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(events.at(-1)?.id, '7103000042:outgoingAPIMessageReceived:B')
  await app.close()
  disk.unmount()
})

t.test('repeats are dropped for 48 hours, over restarts', async (t) => {
  const hour = 60 * 60 * 1000
  const begin = Date.now()
  let hours = 0
  t.intercept(Date, 'now', { value: () => begin + hours * hour })
  const path = t.testdir({})
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
