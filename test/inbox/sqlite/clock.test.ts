import { join } from 'node:path'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t, { type Test } from 'tap'
import { entry } from '../../../lib/inbox/conformance/fixtures.ts'
import { RecordingHandler } from '../../../lib/inbox/conformance/recording-handler.ts'
import { execute } from '../../helpers/sqlite.ts'
import { until } from '../../helpers/until.ts'

const dayMs = 24 * 60 * 60 * 1000

/** Sets the clock. Returns a function that sets it right again. */
function shiftClock (t: Test, milliseconds: number): () => void {
  const { now } = Date
  const restore = () => { Date.now = now }
  Date.now = () => now() + milliseconds
  t.teardown(restore)
  return restore
}

async function opened (t: Test, path: string, handler: RecordingHandler) {
  const inbox = sqliteInbox({ path, backoff: 50 })
  t.teardown(() => inbox.close(0))
  await inbox.open(handler)
  return inbox
}

t.test('sqliteInbox retries when the clock goes back during a pause', async (t) => {
  const restore = shiftClock(t, dayMs)
  const handler = new RecordingHandler(3, () => {
    restore()
    if (handler.started.length === 1) throw new Error('down')
  }, () => {})
  const inbox = await opened(t, join(t.testdir({}), 'inbox.db'), handler)
  inbox.start()
  await inbox.add(entry('ada-1'))
  await until(() => handler.delivered.length === 1)
  t.equal(handler.started.length, 2)
})

t.test('sqliteInbox retries soon after a restart when the clock was ahead', async (t) => {
  const path = join(t.testdir({}), 'inbox.db')
  const failing = new RecordingHandler(3, () => { throw new Error('down') }, () => {})
  const before = await opened(t, path, failing)
  before.start()
  await before.add(entry('ada-1'))
  await until(() => failing.started.length === 1)
  await before.close(1000)
  execute(path, `UPDATE entry SET due_at = due_at + ${dayMs}`)

  const handler = new RecordingHandler(3, () => {}, () => {})
  const inbox = await opened(t, path, handler)
  inbox.start()
  await until(() => handler.delivered.length === 1)
  t.equal(handler.started[0]?.attempt, 2)
})
