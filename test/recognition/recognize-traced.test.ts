import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import t, { type Test } from 'tap'
import { OversizedBody } from '../../lib/body/limited-body.ts'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'
import { recognizeTraced } from '../../lib/recognition/recognize-traced.ts'
import { recognize } from '../../lib/recognition/recognize.ts'
import { menuSent } from '../helpers/fixtures/notifications.ts'

const emitter = new GreenApiEmitter()
const body = JSON.stringify(menuSent())

/** The messages of the recognize channel, as they were when they were published. */
function collectMessages (t: Test): Array<[phase: string, message: object]> {
  const messages: Array<[string, object]> = []
  for (const phase of ['start', 'end']) {
    const name = `tracing:fastify-green-api:recognize:${phase}`
    const listen = (message: unknown) => { messages.push([phase, Object.assign({}, message)]) }
    subscribe(name, listen)
    t.teardown(() => { unsubscribe(name, listen) })
  }
  return messages
}

t.test('recognizeTraced returns the notification when nothing is subscribed', async (t) => {
  t.strictSame(recognizeTraced(body, 'route', emitter), recognize(body))
})

t.test('recognizeTraced publishes the start and the event when the channel has subscribers', async (t) => {
  const messages = collectMessages(t)

  const notification = recognizeTraced(body, 'route', emitter)

  t.strictSame(notification, recognize(body))
  const start = { emitter, source: 'route', length: body.length }
  t.strictSame(messages, [['start', start], ['end', { ...start, event: notification.event }]])
})

t.test('recognizeTraced publishes no length when the body is oversized', async (t) => {
  const messages = collectMessages(t)

  const { event } = recognizeTraced(new OversizedBody('digest', false), 'poll', emitter)

  const start = { emitter, source: 'poll' }
  t.strictSame(messages, [['start', start], ['end', { ...start, event }]])
})
