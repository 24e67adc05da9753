import { execFileSync, fork, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { InvalidOptionError } from 'fastify-green-api'
import { lmdbInbox } from 'fastify-green-api/inbox/lmdb'
import { open } from 'lmdb'
import t, { type Test } from 'tap'
import { RecordingHandler } from '../../../lib/inbox/conformance/recording-handler.ts'
import { environment } from '../../../lib/inbox/lmdb/store.ts'
import { build, collect, post, token } from '../../helpers/app.ts'
import { menu, menuSent, tap } from '../../helpers/fixtures/notifications.ts'
import { nodeFlags } from '../../helpers/node-flags.ts'
import { until } from '../../helpers/until.ts'

// Each opening starts a process for the integrity check, which is slow on a busy machine.
t.setTimeout(600_000)
const withoutTimeout = { pluginTimeout: 0 }

/** Creates a server with the inbox in the folder. Its errors go to `lines`. */
async function buildAt (t: Test, path: string, lines: string[] = []): Promise<FastifyInstance> {
  const logger = { level: 'error', stream: { write: (line: string) => { lines.push(line) } } }
  return await build(t, { inbox: lmdbInbox({ path, backoff: 10 }) }, { logger, ...withoutTimeout })
}

/** Registers the plugin with the inbox in the folder, and returns the error. */
async function failure (path: string): Promise<Error> {
  const app = Fastify(withoutTimeout)
  app.register(greenApi, { token, inbox: lmdbInbox({ path }) })
  const error = await app.ready().then(() => undefined, (error: unknown) => error)
  await app.close()
  if (error instanceof Error) return error
  throw new Error('registering did not fail')
}

t.test('lmdbInbox throws when an option is wrong', async (t) => {
  const cases: Array<[Record<string, unknown>, RegExp]> = [
    [{}, /^path must be the path of a folder/],
    [{ path: '' }, /^path must/],
    [{ path: 5 }, /^path must/],
    [{ path: 'inbox', concurrency: 0 }, /^concurrency must be a whole number above 0/],
    [{ path: 'inbox', concurrency: 1.5 }, /^concurrency must/],
    [{ path: 'inbox', backoff: '5s' }, /^backoff must be a whole number above 0/],
    [
      { path: 'inbox', atempts: 5 },
      /^Unknown option `atempts` for lmdbInbox. Expected one of `path`, `concurrency`, `backoff`/
    ]
  ]
  for (const [options, message] of cases) {
    // As in JavaScript, without a type check.
    t.throws(
      () => lmdbInbox(options as { path: string }),
      { constructor: InvalidOptionError, message },
      JSON.stringify(options)
    )
  }
})

t.test('lmdbInbox creates the folder when it does not exist', async (t) => {
  const path = join(t.testdir({}), 'with.a.dot', 'inbox')
  const app = await buildAt(t, path)
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.ok(statSync(join(path, 'data.mdb')).isFile())
})

/** Starts another process that has the inbox in the folder open. */
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
  const path = t.testdir({})
  const holder = await hold(t, path)

  t.match(await failure(path), {
    code: 'FST_GREEN_API_INBOX',
    message: `The inbox at ${path} is in use by process ${holder.pid}. Only one process at a time can use it. ` +
      'To share an inbox between processes, use bullmqInbox'
  })

  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const app = await buildAt(t, path)
  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('open rejects while another process has the inbox open whose file was removed', async (t) => {
  const path = t.testdir({})
  const holder = await hold(t, path)
  rmSync(join(path, 'data.mdb'))
  t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: `is in use by process ${holder.pid}` })
})

t.test('open rejects when another scope of the process has the inbox open', async (t) => {
  const path = t.testdir({})
  const app = await buildAt(t, path)
  t.match(await failure(path), {
    code: 'FST_GREEN_API_INBOX',
    message: `The inbox at ${path} is open in this process already. Give each registration of the plugin its own folder`
  })
  t.equal((await post(app, menuSent())).statusCode, 200, 'the first scope still works')
  await app.close()
  await buildAt(t, path)
})

t.test('open rejects when the folder cannot be created', async (t) => {
  const folder = t.testdir({ file: 'no folder' })
  for (const path of [join(folder, 'file'), join(folder, 'file', 'inbox')]) {
    t.match(await failure(path), {
      code: 'FST_GREEN_API_INBOX',
      message: /^The inbox at .*file.* cannot be opened: .*\. Check the folder and its permissions$/
    })
  }
})

t.test('open rejects when the store cannot be opened', async (t) => {
  const cases: Array<[name: string, reason: string, make: (file: string) => void]> = [
    ['a folder in its place', 'Is a directory', (file) => { mkdirSync(file) }],
    [
      'a link to a disk that is away',
      'No such file or directory',
      (file) => { symlinkSync(join(t.testdirName, 'away', 'data.mdb'), file) }
    ]
  ]
  for (const [name, reason, make] of cases) {
    const path = join(t.testdir({}), name)
    mkdirSync(path)
    make(join(path, 'data.mdb'))
    t.match(
      await failure(path),
      { code: 'FST_GREEN_API_INBOX', message: `The inbox at ${path} cannot be opened: ${reason}` },
      name
    )
  }
})

t.test('close resolves when open rejected', async (t) => {
  const inbox = lmdbInbox({ path: join(t.testdir({ file: 'no folder' }), 'file') })
  await t.rejects(inbox.open(new RecordingHandler(1, () => {}, () => {})), { code: 'FST_GREEN_API_INBOX' })
  await t.rejects(inbox.pendingCount(), {
    code: 'FST_GREEN_API_INBOX',
    message: /is not open\. Use it after the plugin is registered and before the server closes$/
  })
  await t.resolves(inbox.close(100))
})

t.test('open rejects when the store is damaged', async (t) => {
  const path = t.testdir({})
  writeFileSync(join(path, 'data.mdb'), 'Dear diary\n'.repeat(1000))

  t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: /^The inbox at .* is damaged \(.*\)\. Restore/ })
})

t.test('retry removes the key of a dead letter that was lost', async (t) => {
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

/** Mounts a disk of two megabytes. Returns `undefined` when this process may not mount. */
function mountDisk (): { path: string, unmount: () => void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path])
  const remove = () => { rmSync(path, { recursive: true, force: true }) }
  if (status === 0) return { path, unmount: () => { execFileSync('umount', [path]); remove() } }
  remove()
}

t.test('a server answers 503 when the disk is full, and delivers pending notifications', async (t) => {
  const disk = mountDisk()
  if (disk === undefined) return t.comment('skipped: needs to mount a small disk; run this test as root on Linux')
  const lines: string[] = []
  const app = await buildAt(t, join(disk.path, 'inbox'), lines)
  const events = collect(app, 'webhook')
  const large = (idMessage: string) => menuSent({ ...menu, contentText: 'x'.repeat(300_000) }, { idMessage })
  t.equal((await post(app, menuSent())).statusCode, 200)

  const ballast = join(disk.path, 'ballast')
  spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4096'])
  t.equal((await post(app, large('B'))).statusCode, 503)
  t.match(JSON.parse(String(lines[0])), {
    outcome: 'not-stored', err: { message: /cannot be written: .*\. Its disk has 0 KiB of free space/ }
  })
  t.equal((await post(app, large('B'))).statusCode, 503, 'it is not a duplicate the second time')

  rmSync(ballast)
  t.equal((await post(app, large('B'))).statusCode, 200)
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(events.at(-1)?.id, '7103000042:outgoingAPIMessageReceived:B')
  await app.close()
  disk.unmount()
})

t.test('duplicates are dropped for 48 hours, across restarts', async (t) => {
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
