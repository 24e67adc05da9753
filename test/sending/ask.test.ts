import { expectTypeOf } from 'expect-type'
import { NoAnswerError, SendError, defineMenu } from 'fastify-green-api/sending'
import { createBuilders, inject } from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { build } from '../helpers/app.ts'
import { idInstance, openServer } from '../helpers/scripted-server.ts'
import { until } from '../helpers/until.ts'

const chatId = '4915550001234@c.us'
const { buttonReply } = createBuilders({ idInstance, wid: '79001234567@c.us' })
const confirm = defineMenu('confirm', { body: (order) => `Is ${order} right?`, choices: { yes: 'Yes', no: 'No' } })

async function prepare (t: Test) {
  const app = await build(t)
  const server = await openServer(t)
  return { app, server, sender: server.sender() }
}

t.test('ask resolves with the choice of the first tap on its own message', async (t) => {
  const { app, server, sender } = await prepare(t)
  const answer = sender.ask(app.greenApi, chatId, confirm('4711'))
  expectTypeOf(answer).resolves.toEqualTypeOf<'yes' | 'no'>()
  await until(() => server.requests.length === 1)
  t.equal(app.greenApi.listenerCount('buttonReply'), 1)
  const tap = (stanzaId: string, buttonId: string, context = {}) => {
    return inject(app, buttonReply({ stanzaId, buttonId }, context))
  }
  await tap('another', 'confirm:yes:4711')
  await tap('sent-1', 'confirm:maybe:4711')
  await tap('sent-1', 'confirm:yes:4711', { sentBy: 'phone' })
  t.equal((await tap('sent-1', 'confirm:no:4711')).outcome, 'delivered')
  await tap('sent-1', 'confirm:yes:4711')
  t.equal(await answer, 'no')
  t.equal(app.greenApi.listenerCount('buttonReply'), 0)
})

t.test('ask notices a tap that arrives before the answer of GREEN-API', async (t) => {
  const { app, server, sender } = await prepare(t)
  server.replies.push(async (response) => {
    await inject(app, buttonReply({ stanzaId: 'early', buttonId: 'confirm:yes:4711' }))
    response.end('{"idMessage":"early"}')
  })
  t.equal(await sender.ask(app.greenApi, chatId, confirm('4711')), 'yes')
})

t.test('ask removes its listener in every case', async (t) => {
  const { app, server, sender } = await prepare(t)
  const listeners = () => app.greenApi.listenerCount('buttonReply')

  server.replies.push([401])
  await t.rejects(sender.ask(app.greenApi, chatId, confirm('4711')), SendError)
  t.equal(listeners(), 0, 'not sent')

  await t.rejects(sender.ask(app.greenApi, 'Ada', confirm('4711')), SendError)
  t.equal(listeners(), 0, 'refused')

  const late = sender.ask(app.greenApi, chatId, confirm('4711'), { answerTimeout: 20 })
  await t.rejects(late, { message: 'Nobody tapped a button of message sent-2 within 20 ms', idMessage: 'sent-2' })
  await t.rejects(late, NoAnswerError)
  t.equal(listeners(), 0, 'no answer')

  const controller = new AbortController()
  const canceled = sender.ask(app.greenApi, chatId, confirm('4711'), { signal: controller.signal })
  await until(() => server.requests.length === 3)
  setTimeout(() => { controller.abort(new Error('enough')) }, 20)
  await t.rejects(canceled, { message: 'enough' })
  t.equal(listeners(), 0, 'canceled')

  await t.rejects(sender.ask(app.greenApi, chatId, confirm('4711'), { signal: controller.signal }), SendError)
  t.equal(listeners(), 0, 'canceled before')
  await t.rejects(sender.ask(app.greenApi, chatId, confirm('4711'), { answerTimeout: 0 }), /^.*answerTimeout must be a/)
  t.equal(listeners(), 0, 'wrong option')
})
