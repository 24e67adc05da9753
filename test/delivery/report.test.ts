import Fastify from 'fastify'
import type { Event } from 'fastify-green-api'
import t from 'tap'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'
import { emitFailed, logUnhandled } from '../../lib/delivery/report.ts'
import { recognize } from '../../lib/recognition/recognize.ts'
import { menuSent } from '../helpers/fixtures/notifications.ts'

const notification = recognize(JSON.stringify(menuSent()))
const { name, id } = notification.event
const failed: Event<'failed'> = { name: 'failed', event: notification.event, error: new AggregateError([]), attempts: 5 }

function buildLog () {
  const lines: object[] = []
  const stream = { write: (line: string) => { lines.push(JSON.parse(line)) } }
  const { log } = Fastify({ logger: { level: 'debug', stream } })
  return { log, lines }
}

t.test('emitFailed logs nothing when its listeners succeed in time', async (t) => {
  const { log, lines } = buildLog()
  const emitter = new GreenApiEmitter()
  emitter.on('failed', async () => {})

  await emitFailed(emitter, failed, 1000, log)

  t.strictSame(lines, [])
})

t.test('emitFailed logs an error when a listener fails', async (t) => {
  const { log, lines } = buildLog()
  const emitter = new GreenApiEmitter()
  emitter.on('failed', async () => { throw new Error('boom') })

  await emitFailed(emitter, failed, 1000, log)

  t.match(lines, [{ level: 50, name, id, msg: "a listener for 'failed' threw", err: { message: /boom/ } }])
})

t.test('emitFailed stops waiting and logs an error when a listener times out', async (t) => {
  const { log, lines } = buildLog()
  const emitter = new GreenApiEmitter()
  emitter.on('failed', () => new Promise(() => {}))

  await emitFailed(emitter, failed, 10, log)

  const err = { code: 'FST_GREEN_API_LISTENER_TIMEOUT' }
  t.match(lines, [{ level: 50, name, id, msg: "a listener for 'failed' timed out", err }])
})

t.test('logUnhandled logs a notification without a listener, and warns if it is unrecognized', async (t) => {
  const { log, lines } = buildLog()
  const emitter = new GreenApiEmitter()

  logUnhandled(emitter, notification, log)
  logUnhandled(emitter, recognize('{'), log)
  emitter.on('webhook', () => {}).on('unrecognized', () => {})
  logUnhandled(emitter, notification, log)
  logUnhandled(emitter, recognize('{'), log)

  t.match(lines, [{ level: 20, name, id }, { level: 40, name: 'unrecognized', reason: 'not-json', errors: [] }])
  t.equal(lines.length, 2)
})
