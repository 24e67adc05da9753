import { setImmediate } from 'node:timers/promises'
import Fastify from 'fastify'
import { PollingError, type Event } from 'fastify-green-api'
import t from 'tap'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'
import { emitFailed, emitPollingStopped, logUnhandled } from '../../lib/delivery/report.ts'
import { recognize } from '../../lib/recognition/recognize.ts'
import { menuSent } from '../helpers/fixtures/notifications.ts'

const notification = recognize(JSON.stringify(menuSent()))
const { event } = notification
const { name, id } = event
const failed: Event<'failed'> = { name: 'failed', event, error: new AggregateError([]), attempts: 5 }

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

  t.match(lines, [
    { level: 20, name, id, msg: 'no listener registered for this notification' },
    {
      level: 40,
      name: 'unrecognized',
      id: recognize('{').event.id,
      reason: 'not-json',
      errors: [],
      msg: "unrecognized notification, no 'unrecognized' listener registered"
    }
  ])
  t.equal(lines.length, 2)
})

t.test('emitPollingStopped logs the reason, and an error when a listener fails', async (t) => {
  const { log, lines } = buildLog()
  const emitter = new GreenApiEmitter()
  const stopped: Event<'pollingStopped'> = { name: 'pollingStopped', idInstance: '1', error: new PollingError('no rights') }
  const events: unknown[] = []
  emitter.on('pollingStopped', async (event) => { events.push(event) })

  emitPollingStopped(emitter, stopped, log)
  await setImmediate()
  emitter.on('pollingStopped', async () => { throw new Error('boom') })
  emitPollingStopped(emitter, stopped, log)
  await setImmediate()

  const line = { level: 50, msg: 'no rights', err: { message: 'no rights' } }
  t.match(lines, [line, line, { level: 50, msg: "a listener for 'pollingStopped' threw", err: { message: /boom/ } }])
  t.equal(lines.length, 3)
  t.strictSame(events, [stopped, stopped])
})
