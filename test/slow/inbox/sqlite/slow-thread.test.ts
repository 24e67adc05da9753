import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { InboxError } from 'fastify-green-api'
import t, { type Test } from 'tap'
import { addConcurrently, addSequentially, entry, keysOf, series } from '../../../../lib/inbox/conformance/fixtures.ts'
import { RecordingHandler, type Listener } from '../../../../lib/inbox/conformance/recording-handler.ts'
import { SqliteInbox } from '../../../../lib/inbox/sqlite/sqlite-inbox.ts'
import { execute } from '../../../helpers/sqlite.ts'
import { until } from '../../../helpers/until.ts'

const patient = { open: 20_000, reply: 20_000, close: 20_000 }

/** Opens an inbox. */
async function open (
  t: Test, path: string, options: { deadlines?: typeof patient, concurrency?: number, deliver?: Listener } = {}
) {
  const { deadlines = patient, concurrency = 8, deliver = () => {} } = options
  const inbox = new SqliteInbox({ path, concurrency, backoff: 1 }, deadlines)
  t.teardown(() => inbox.close(0))
  const handler = new RecordingHandler(3, deliver, () => {})
  await inbox.open(handler)
  inbox.start()
  return { inbox, handler }
}

/** Creates a file with a trigger. */
async function createFile (t: Test, ...statements: string[]): Promise<string> {
  const path = join(t.testdir({}), 'inbox.db')
  const { inbox } = await open(t, path)
  await inbox.close(0)
  for (const statement of statements) execute(path, statement)
  return path
}

/** In a file of these statements, the thread needs some hundred milliseconds to add an entry with the name `slow`. */
const slowly = [
  `CREATE VIEW much AS WITH RECURSIVE number (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM number LIMIT 3000000)
    SELECT value FROM number`,
  "CREATE TRIGGER slow BEFORE INSERT ON entry WHEN new.name = 'slow' BEGIN SELECT count(*) FROM much; END"
]

t.test('open rejects when the thread does not open the file in time', async (t) => {
  const path = join(t.testdir({}), 'inbox.db')
  const inbox = new SqliteInbox({ path, concurrency: 1, backoff: 1 }, { ...patient, open: 1 })
  await t.rejects(inbox.open(new RecordingHandler(1, () => {}, () => {})), {
    constructor: InboxError, message: `Opening the inbox at ${path} did not return within 1 ms`
  })
  await inbox.close(0)
  await t.rejects(inbox.add(entry('ada-1')), { message: /is not open/ })
})

t.test('add rejects when the thread does not reply in time, and works again afterwards', async (t) => {
  const path = await createFile(t, ...slowly)
  let deliver = () => {}
  const { inbox, handler } = await open(t, path, {
    deadlines: { ...patient, reply: 200 },
    deliver: ({ key }) => key === 'ada-1' ? new Promise<void>((resolve) => { deliver = resolve }) : undefined
  })
  await inbox.add(entry('ada-1'))
  await until(() => handler.started.length === 1)

  const message = `The inbox at ${path} did not reply within 200 ms. Check its disk`
  const overdue = { constructor: InboxError, message }
  const adding = inbox.add(entry('bob-1', { name: 'slow' }))
  deliver()
  await t.rejects(adding, overdue)
  await t.rejects(inbox.add(entry('cem-1')), overdue)

  // On a busy machine, further replies can be late.
  await until(() => inbox.add(entry('cem-1')).then(() => true, () => false))
  await until(async () => await inbox.pendingCount().catch(() => 1) === 0)
  await until(() => inbox.add(entry('bob-1')).then((added) => !added, () => false))
  t.strictSame(keysOf(handler.started).sort(), ['ada-1', 'bob-1', 'cem-1'], 'each entry is delivered once')
})

t.test('close resolves in time when the thread does not', async (t) => {
  const path = await createFile(t, ...slowly)
  const { inbox } = await open(t, path, { deadlines: { ...patient, close: 50 } })
  const adding = t.rejects(inbox.add(entry('ada-1', { name: 'slow' })), {
    constructor: InboxError, message: `The inbox at ${path} did not close within 50 ms. Check its disk`
  })
  await inbox.close(0)
  await adding
  await until(() => open(t, path).then(() => true, () => false))
})

t.test('a thread that fails rejects requests, and close does not wait for results that cannot be written', async (t) => {
  const workers: Worker[] = []
  const collect = (worker: Worker) => { workers.push(worker) }
  process.on('worker', collect)
  t.teardown(() => { process.off('worker', collect) })
  let deliver = () => {}
  const path = join(t.testdir({}), 'inbox.db')
  const { inbox, handler } = await open(t, path, {
    deliver: () => new Promise<void>((resolve) => { deliver = resolve })
  })
  await inbox.add(entry('ada-1'))
  await until(() => handler.started.length === 1)

  workers[0]?.emit('error', new Error('out of memory'))
  await t.rejects(inbox.add(entry('bob-1')), { constructor: InboxError, message: /has failed: out of memory\. Restart/ })
  deliver()
  const startedAt = performance.now()
  await inbox.close(10_000)
  t.ok(performance.now() - startedAt < 5000)
  await workers[0]?.terminate()
})

t.test('results of deliveries that cannot be written are repeated, while entries are added', async (t) => {
  const end = Date.now() / 1000 + 2
  const path = await createFile(t, `CREATE TRIGGER fail BEFORE DELETE ON entry
    WHEN unixepoch('subsec') < ${end} BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END`)
  const { inbox, handler } = await open(t, path, { concurrency: 2 })
  const errors: string[] = []
  t.intercept(handler.log, 'error', { value: ({ err }: { err: Error }) => { errors.push(err.message) } })

  const added = await addConcurrently(inbox, ...series('ada', 2), ...series('bob', 2), ...series('cem', 2))
  await until(() => errors.length > 0)
  t.ok(await inbox.add(entry('dot-1')))
  t.notOk(added.includes(false))
  t.equal(await inbox.pendingCount(), 7)
  t.equal(handler.started.length, 2, 'no more deliveries start than results can wait')
  t.match(errors[0], /^The inbox at .* cannot be written: the disk is on fire\./)

  await until(async () => await inbox.pendingCount() === 0)
  t.equal(handler.started.length, 7, 'each entry is delivered once')
})

t.test('a long chat does not delay the others', async (t) => {
  const path = join(t.testdir({}), 'inbox.db')
  const before = new SqliteInbox({ path, concurrency: 1, backoff: 1 })
  await before.open(new RecordingHandler(1, () => {}, () => {}))
  await addSequentially(before, ...series('ada', 10), ...series('bob', 2))
  await before.close(0)
  // Entries that are due in the same millisecond are delivered in the order of arrival.
  const { handler } = await open(t, path, { concurrency: 1, deliver: () => sleep(3) })
  await until(() => handler.delivered.length === 12)
  t.strictSame(keysOf(handler.delivered).slice(0, 5), ['ada-1', 'bob-1', 'ada-2', 'bob-2', 'ada-3'])
})
