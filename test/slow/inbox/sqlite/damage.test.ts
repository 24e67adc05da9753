import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { InboxError } from 'fastify-green-api'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t, { type Test } from 'tap'
import { entry, fail } from '../../../../lib/inbox/conformance/fixtures.ts'
import { RecordingHandler } from '../../../../lib/inbox/conformance/recording-handler.ts'
import type { InboxEntry } from '../../../../lib/inbox/inbox.ts'
import { until } from '../../../helpers/until.ts'

t.setTimeout(1_800_000)

const entries = Array.from({ length: 300 }, (_, index): InboxEntry => (
  entry(`chat${index % 20}-${index}`, { body: `${index}:${'b'.repeat(index * index % 9000)}`, checksum: index })
))
const bodies = new Map(entries.map(({ key, body }) => [key, body]))
const seed = Number(process.env.SEED ?? Date.now() % 1e6)
t.comment(`SEED=${seed}`)
let state = seed
function random (limit: number): number {
  state = (state * 1103515245 + 12345) % 2 ** 31
  return state % limit
}

/** Creates an inbox with 10 dead letters, 280 pending entries and 10 that were delivered. */
async function createOriginal (path: string): Promise<void> {
  const inbox = sqliteInbox({ path })
  const handler = new RecordingHandler(1, () => { if (handler.started.length > 10) fail() }, () => {})
  await inbox.open(handler)
  inbox.start()
  await Promise.all(entries.slice(0, 20).map((entry) => inbox.add(entry)))
  await until(() => handler.deadLetterCalls.length === 10)
  await inbox.close(1000)
  const next = sqliteInbox({ path })
  await next.open(handler)
  await Promise.all(entries.slice(20).map((entry) => next.add(entry)))
  await next.close(1000)
}

/** Uses a damaged inbox. Returns what became of it: an error, or correct deliveries. */
async function use (t: Test, path: string, name: string): Promise<string> {
  const inbox = sqliteInbox({ path, backoff: 1 })
  const handler = new RecordingHandler(1, () => {}, () => {})
  const errors: string[] = []
  t.intercept(handler.log, 'error', { value: ({ err }: { err: Error }) => { errors.push(err.message) } })
  try {
    await inbox.open(handler)
  } catch (error) {
    t.type(error, InboxError, `${name}: ${error}`)
    await inbox.close(0)
    return 'refused'
  }
  inbox.start()
  const settled = () => handler.delivered.length + handler.deadLetterCalls.length
  const end = Date.now() + 5000
  while (settled() < 280 && errors.length === 0 && Date.now() < end) await sleep(5)
  for (const { key, body } of handler.delivered) {
    if (bodies.get(key) !== body) t.fail(`${name}: the body of ${key} was changed`)
  }
  const added = await inbox.add(entry('new-1')).catch((error: unknown) => error)
  t.ok(added === true || added instanceof InboxError, `${name}: ${added}`)
  const dead = await inbox.deadLetters({ limit: 400 }).catch((error: unknown) => error)
  if (!Array.isArray(dead)) t.ok(dead instanceof InboxError, `${name}: ${dead}`)
  else for (const { key, body } of dead) if (body !== '' && bodies.get(key) !== body) t.fail(`${name}: ${key} was changed`)
  await inbox.close(1000)
  if (errors.length > 0) return 'error'
  if (settled() < 280) t.fail(`${name}: only ${settled()} entries came, without an error`)
  return handler.deadLetterCalls.length > 0 ? 'damaged entry' : 'delivered'
}

async function damage (t: Test, count: number, harm: (path: string, size: number) => string): Promise<void> {
  const folder = t.testdir({})
  const original = join(folder, 'original.db')
  await createOriginal(original)
  const { length: size } = readFileSync(original)
  const outcomes: Record<string, number> = {}
  for (let index = 0; index < count; index++) {
    const path = join(folder, `${index}.db`)
    copyFileSync(original, path)
    const outcome = await use(t, path, harm(path, size))
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    for (const suffix of ['', '-wal']) rmSync(path + suffix, { force: true })
  }
  t.comment(JSON.stringify(outcomes))
}

t.test('an inbox with a changed byte is refused, or delivers correctly', async (t) => {
  await damage(t, 200, (path, size) => {
    const bytes = readFileSync(path)
    const place = random(size)
    const mask = 1 + random(255)
    bytes.writeUInt8(bytes.readUInt8(place) ^ mask, place)
    writeFileSync(path, bytes)
    return `byte ${place} changed by ${mask}`
  })
})

t.test('an inbox that was truncated is refused, or delivers correctly', async (t) => {
  await damage(t, 50, (path, size) => {
    const length = 1 + random(size - 1)
    truncateSync(path, length)
    return `truncated to ${length} bytes`
  })
})
