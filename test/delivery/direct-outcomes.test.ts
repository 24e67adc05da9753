import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setImmediate } from 'node:timers/promises'
import Fastify from 'fastify'
import type { OutcomeMessage } from 'fastify-green-api/diagnostics'
import t, { type Test } from 'tap'
import { DirectDelivery } from '../../lib/delivery/direct-delivery.ts'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'
import { recognize } from '../../lib/recognition/recognize.ts'
import { menuSent } from '../helpers/fixtures/notifications.ts'

const body = JSON.stringify(menuSent())
const fields = { name: 'interactiveButtons', id: recognize(body).event.id }

/** A delivery without a server, with its log lines and the outcomes that it publishes. */
function build (t: Test, { attempts = 2, timeout = 1000 } = {}) {
  const lines: Array<{ level: number }> = []
  const stream = { write: (line: string) => { lines.push(JSON.parse(line)) } }
  const { log } = Fastify({ logger: { level: 'debug', stream } })
  const outcomes: OutcomeMessage[] = []
  // The channel has no other messages.
  const listen = (message: unknown) => { outcomes.push(message as OutcomeMessage) }
  subscribe('fastify-green-api:outcome', listen)
  t.teardown(() => { unsubscribe('fastify-green-api:outcome', listen) })
  const emitter = new GreenApiEmitter()
  const delivery = new DirectDelivery(emitter)
  const receive = () => delivery.receive({ notification: recognize(body), body, options: { attempts, timeout }, log })
  return { emitter, delivery, receive, lines, outcomes }
}

t.test('receive logs and publishes a delivery and its duplicate', async (t) => {
  for (const listener of [() => {}, async () => {}]) {
    const { emitter, receive, lines, outcomes } = build(t)
    emitter.on('webhook', listener)

    t.equal(await receive(), true)
    t.equal(receive(), true)

    const line = { level: 20, ...fields, msg: 'notification handled' }
    t.match(lines, [{ ...line, outcome: 'delivered' }, { ...line, outcome: 'duplicate' }])
    t.match(outcomes, [{ emitter, outcome: 'delivered' }, { emitter, outcome: 'duplicate' }])
    t.equal(outcomes.length, 2)
  }
})

t.test('receive logs and publishes each failure and the dead letter', async (t) => {
  const { emitter, receive, lines, outcomes } = build(t)
  const failed: unknown[] = []
  emitter.on('webhook', () => { throw new Error('boom') })
  emitter.on('failed', (event) => { failed.push(event) })

  t.equal(receive(), false)
  t.equal(await receive(), true)

  const err = { message: 'a listener failed: boom' }
  t.match(lines, [
    { level: 40, ...fields, err, attempts: 1, outcome: 'failed', msg: 'delivery failed, GREEN-API will resend' },
    { level: 50, ...fields, err, attempts: 2, outcome: 'dead-letter', msg: 'delivery failed, max attempts reached' }
  ])
  t.match(outcomes, [
    { outcome: 'failed', attempts: 1, error: err },
    { outcome: 'dead-letter', attempts: 2, error: err }
  ])
  t.match(failed, [{ name: 'failed', event: fields, attempts: 2, error: err }])
})

t.test('receive logs a listener that fails after its timeout, but not one that succeeds', async (t) => {
  for (const fails of [true, false]) {
    const { emitter, receive, lines } = build(t, { timeout: 10 })
    let settle = () => {}
    emitter.on('webhook', () => new Promise<void>((resolve, reject) => {
      settle = fails ? () => { reject(new Error('boom')) } : resolve
    }))

    t.equal(await receive(), false)
    lines.length = 0
    settle()
    await setImmediate()

    const late = { level: 40, ...fields, err: { message: /boom/ }, msg: 'a listener failed after its timeout' }
    t.match(lines, [fails ? late : { level: 20, outcome: 'delivered' }])
    t.equal(lines.length, 1)
  }
})

t.test('receive logs a notification without a listener', async (t) => {
  const { receive, lines } = build(t)

  t.equal(receive(), true)

  t.match(lines, [
    { level: 20, ...fields, msg: 'no listener registered for this notification' }, { outcome: 'delivered' }
  ])
})

t.test('receive publishes that the server is shutting down when it is closed', async (t) => {
  const { delivery, receive, outcomes } = build(t)
  t.equal(delivery.closing, false)
  await delivery.close()

  t.equal(delivery.closing, true)
  t.equal(receive(), false)

  t.match(outcomes, [{ outcome: 'shutting-down' }])
})
