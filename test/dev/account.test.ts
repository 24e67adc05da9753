import t from 'tap'
import { Listener, startTestDev } from '../helpers/dev-servers.ts'
import { emulate } from '../helpers/emulated.ts'
import { command } from '../helpers/command-line.ts'
import { Receiver } from '../helpers/fixtures/receiver.ts'
import { until } from '../helpers/until.ts'

const menu = {
  chatId: '4915550001234@c.us', body: 'Is it right?', buttons: [{ type: 'reply', buttonId: 'yes', buttonText: 'Yes' }]
}

t.test('notifications of a real account are polled, forwarded and deleted', async (t) => {
  // It takes the place of the real account.
  const greenApi = await emulate(t)
  const instance = greenApi.instance()
  const { idInstance, apiTokenInstance } = instance
  const receiver = await Receiver.start(t)
  receiver.answer = (received, index) => index === 0 ? 503 : 200
  const dev = await startTestDev(t, {
    to: new URL(receiver.url), token: 'secret', account: { apiUrl: greenApi.apiUrl, idInstance, apiTokenInstance }
  })
  const page = await Listener.start(t, dev)
  t.match(page.hellos, [{ mode: 'account', api: { idInstance } }])
  t.notMatch(JSON.stringify(page.hellos), apiTokenInstance, 'the token stays in the process')

  instance.receive(instance.build.textMessage({ text: 'Hello' }, { idMessage: 'A' }))
  await until(() => page.records[0]?.attempts[0]?.status === 503)
  t.equal(page.state?.waiting, 1)
  await dev.post('retry')
  await until(() => page.records[0]?.state === 'delivered')
  t.match(page.records[0], { event: { name: 'textMessage' }, attemptCount: 2 })
  t.strictSame(receiver.ids, ['A', 'A'])
  t.match(receiver.received[1], { headers: { authorization: 'Bearer secret' } })
  await until(() => instance.queue.size === 0)

  const { idMessage } = Object(await (await dev.post('menu', menu)).json())
  await until(() => page.named('interactiveButtons').length === 1)
  t.equal(page.named('interactiveButtons')[0]?.event.idMessage, idMessage)
  for (const path of ['customer/event', 'customer/tap', 'server', 'settings']) {
    t.equal((await dev.post(path)).status, 404, `${path} is only for the emulator`)
  }
})

t.test('an account that cannot be polled is reported, without its token', async (t) => {
  const greenApi = await emulate(t)
  const { idInstance } = greenApi.instance()
  const dev = await startTestDev(t, {
    account: { apiUrl: greenApi.apiUrl, idInstance, apiTokenInstance: 'wrong-token' }
  })
  const page = await Listener.start(t, dev)
  await until(() => page.state?.problem !== undefined)
  t.match(page.state?.problem, 'receiveNotification was answered 401')
  t.notMatch(page.state?.problem, 'wrong-token')
})

t.test('an account needs its token', async (t) => {
  const { code, stderr } = await command(t, 'dev', '--id-instance', '1101000001')
  t.equal(code, 2)
  t.match(stderr, '--api-token is missing. Add it, or set GREEN_API_TOKEN_INSTANCE.')
})
