import { setImmediate } from 'node:timers/promises'
import type { DeliveryHandler } from 'fastify-green-api'
import t from 'tap'
import { build, collect, only } from '../helpers/app.ts'
import { hollowInbox } from '../helpers/fixtures/hollow-inbox.ts'
import { menu, menuSent } from '../helpers/fixtures/notifications.ts'

t.test('what succeeded late is kept for its next attempt, of the last thousand', async (t) => {
  const hosts: DeliveryHandler[] = []
  const app = await build(t, { timeout: 50, inbox: hollowInbox({ async open (host) { hosts.push(host) } }) })
  const heard: unknown[] = []
  const ending = new Map<unknown, () => void>()
  app.greenApi.on('interactiveButtons', ({ data }) => {
    heard.push(data.body)
    return new Promise((resolve) => { ending.set(data.body, resolve) })
  })
  const deliver = async (name: string) => await Promise.all(hosts.map((host) => host.deliver({
    key: name, orderingKey: name, name: 'interactiveButtons', revision: 1, attempt: 1, storedAt: 0, body: JSON.stringify(menuSent({ ...menu, contentText: name }))
  }))).then(() => 'delivered', () => 'late')
  const names = Array.from({ length: 1001 }, (_, index) => `${index}`)

  t.strictSame(new Set(await Promise.all(['endless', ...names].map(deliver))), new Set(['late']))
  for (const name of names) ending.get(name)?.()
  await setImmediate()
  t.equal(await deliver('another'), 'late')

  heard.length = 0
  t.strictSame(await Promise.all(['3', '1000'].map(deliver)), ['delivered', 'delivered'])
  t.strictSame(heard, [], 'they had succeeded, if late')
  t.strictSame(await Promise.all(['endless', '0', '2'].map(deliver)), ['late', 'late', 'late'])
  t.strictSame(heard, ['0', '2'], 'those that are forgotten are begun anew; nothing is begun beside itself')
})

t.test('whatever an inbox gives up with, listeners of failed are told in one kind of error', async (t) => {
  const hosts: DeliveryHandler[] = []
  const app = await build(t, { inbox: hollowInbox({ async open (host) { hosts.push(host) } }) })
  const failed = collect(app, 'failed')
  const error = new Error('boom')
  const entry = { key: 'A', orderingKey: 'A', name: 'interactiveButtons', revision: 1, body: JSON.stringify(menuSent()) }

  await only(hosts).onDeadLetter(entry, error, 3)

  const { event, attempts, error: told } = only(failed)
  t.equal(event.name, 'interactiveButtons')
  t.equal(attempts, 3)
  t.ok(told instanceof AggregateError)
  t.equal(told.message, 'boom')
  t.strictSame(told.errors, [error])
})

t.test('what is closed as soon as it is ready does not begin to deliver', async (t) => {
  let starts = 0
  const app = await build(t, { inbox: hollowInbox({ start () { starts++ } }) })
  await app.ready()
  await app.close()
  t.equal(starts, 0)
})
