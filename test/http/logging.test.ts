import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import t, { type Test } from 'tap'
import { post } from '../helpers/app.ts'
import { customer, journalMenuSent, menu, menuSent, message, status, tap } from '../helpers/fixtures/notifications.ts'

const secret = 's3cret-token'

async function withLog (t: Test, options: object = {}) {
  const lines: Array<Record<string, unknown>> = []
  const app = Fastify(
    { logger: { level: 'trace', stream: { write: (line: string) => { lines.push(JSON.parse(line)) } } } }
  )
  t.teardown(() => app.close())
  await app.register(greenApi, { token: secret, ...options })
  const send = (body: unknown, authorization = `Bearer ${secret}`) => post(app, body, { headers: { authorization } })
  return {
    app, send, lines, own: () => lines.filter(({ msg }) => msg !== 'incoming request' && msg !== 'request completed')
  }
}

t.test('the plugin logs a notification in one debug line with name, id and outcome', async (t) => {
  const { app, send, own } = await withLog(t)
  app.greenApi.on('interactiveButtons', () => {})
  await send(menuSent())
  await send(menuSent())
  t.match(own(), [
    { level: 20, name: 'interactiveButtons', id: /BAE5A0FE4711C0DE/, outcome: 'delivered' },
    { level: 20, name: 'interactiveButtons', id: /BAE5A0FE4711C0DE/, outcome: 'duplicate' }
  ])
  t.equal(own().length, 2)
})

t.test('the plugin logs failures at warn and dead letters at error, with the errors of the listeners', async (t) => {
  const { app, send, own } = await withLog(t, { attempts: 2 })
  app.greenApi.on('webhook', () => { throw new Error('the database is away') })
  await send(menuSent())
  await send(menuSent())
  t.match(own(), [
    {
      level: 40,
      name: 'interactiveButtons',
      outcome: 'failed',
      attempts: 1,
      err: {
        aggregateErrors: [{ message: 'the database is away' }]
      }
    },
    {
      level: 50,
      name: 'interactiveButtons',
      outcome: 'dead-letter',
      attempts: 2,
      err: {
        aggregateErrors: [{ message: 'the database is away' }]
      }
    }
  ])
})

t.test('the plugin logs a debug line when a notification has no listener', async (t) => {
  const { app, send, own } = await withLog(t)
  await send(menuSent())
  t.match(own(), [{
    level: 20, name: 'interactiveButtons', id: /BAE5A0FE4711C0DE/, msg: 'no listener registered for this notification'
  }, { level: 20, outcome: 'delivered' }])
  app.greenApi.on('outgoingAPIMessageReceived', () => {})
  await send(menuSent(menu, { idMessage: 'ANOTHER' }))
  t.match(own().slice(2), [{ level: 20, id: /ANOTHER/, outcome: 'delivered' }])
  t.equal(own().length, 3)
})

t.test('the plugin logs a warning when an unrecognized notification has no listener', async (t) => {
  const { app, send, own } = await withLog(t)
  await send('{')
  t.match(own(), [{ level: 40, reason: 'not-json' }, { level: 20, name: 'unrecognized', outcome: 'delivered' }])
  app.greenApi.on('unrecognized', () => {})
  await send('{{')
  t.match(own().slice(2), [{ level: 20, name: 'unrecognized', outcome: 'delivered' }])
})

t.test('the plugin logs a warning when a token is wrong', async (t) => {
  const { send, own } = await withLog(t)
  await send(menuSent(), 'Bearer wr0ng-token')
  t.match(own(), [{ level: 40, msg: /webhookUrlToken/ }])
})

t.test('the plugin never logs a token or a value of a body', async (t) => {
  const { app, send, lines } = await withLog(t, { attempts: 2, timeout: 10, bodyLimit: 2000 })
  app.greenApi.on('failed', () => { throw new Error('boom') })
  const values = ['Zanzibar', 'Xylophone', '4917620000007', 'Quetzal']
  const say = { ...menu, titleText: 'Zanzibar', contentText: 'Xylophone' }
  const bodies: unknown[] = [
    menuSent(say), menuSent(say), tap({ selectedDisplayText: 'Quetzal' }), status('Quetzal', { status: ['Quetzal'] }),
    journalMenuSent.replace('Body', 'Xylophone'), message(
      { typeMessage: 'Quetzal', textMessageData: { textMessage: 'Xylophone' } }
    ),
    { typeWebhook: 'Zanzibar' }, { Quetzal: 'Xylophone' }, '{"Quetzal": Xylophone', '"Xylophone', 'Zanzibar',
    '["Zanzibar",', `{"a":"${'Zanzibar'.repeat(300)}"}`,
    menuSent({ ...say, buttons: 'Quetzal' }), menuSent(
      { ...say, titleText: { Quetzal: 'Zanzibar' } }
    ), menuSent(say, { timestamp: 'Quetzal' }),
    menuSent({ ...say, buttons: [{ type: 'Quetzal', buttonId: 'Zanzibar' }] }, { idMessage: 'B' })
  ]
  for (const listener of [
    () => {}, () => { throw new Error('boom') }, async () => { throw new Error('boom') },
    () => new Promise<void>(() => {})
  ]) {
    app.greenApi.removeAllListeners('webhook').on('webhook', listener)
    for (const [index, body] of bodies.entries()) {
      const idMessage = `${listener.toString().length}-${index}`
      await send(typeof body === 'string' ? body : { ...body as object, idMessage })
      for (const header of [
        `Bearer ${secret}x`, `Basic ${secret}x`, `${secret}x`, 'Bearer wr0ng'
      ]) await send(body, header)
    }
  }
  const log = JSON.stringify(lines)
  t.ok(lines.length > 100)
  for (const value of [...values, customer, secret, 'wr0ng']) t.notMatch(log, value)
})
