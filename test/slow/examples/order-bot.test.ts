import { createBuilders, inject } from 'fastify-green-api/testing'
import t from 'tap'
import { buildBot, confirm } from '../../../examples/order-bot.ts'
import { startExample } from '../../helpers/example.ts'
import { idInstance, openServer } from '../../helpers/scripted-server.ts'

const build = createBuilders({ idInstance, wid: '79001234567@c.us' })

t.test('order bot takes an order, and understands the tap after a restart', async (t) => {
  const example = startExample(t, {}, 'order-bot')
  const output = await example.printed('We deliver two pizzas today.')
  t.strictSame(output.trim().split('\n'), [
    'customer: two pizzas',
    'bot: Shall we deliver two pizzas?',
    'customer: [Yes]',
    'bot: Thank you! We deliver two pizzas today.'
  ])
})

t.test('order bot does not send twice what may have been sent, and sends again what was not', async (t) => {
  const server = await openServer(t)
  const done = new Set<string>()
  const app = await buildBot({ token: 'any' }, server.sender(), done)
  app.log.level = 'silent'
  t.teardown(() => app.close())
  const tap = build.buttonReply({ buttonId: confirm('two pizzas').buttons[0]?.buttonId ?? '' })
  server.replies.push([401], [500])

  t.equal((await inject(app, tap)).outcome, 'failed', 'not sent')
  t.equal((await inject(app, tap)).outcome, 'failed', 'may have been sent')
  t.equal((await inject(app, tap)).outcome, 'delivered')
  t.equal(server.count, 2)
})

t.test('order bot answers no message of its own account', async (t) => {
  const server = await openServer(t)
  const app = await buildBot({ token: 'any' }, server.sender(), new Set())
  t.teardown(() => app.close())
  await inject(app, build.textMessage({}, { sentBy: 'phone' }))
  await inject(app, build.textMessage({}, { sentBy: 'api' }))
  t.equal(server.count, 0)
})
