import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { Listener, startBoard } from '../../helpers/boards.ts'
import { emulate } from '../../helpers/emulated.ts'
import { freePort } from '../../helpers/free-port.ts'
import { nodeFlags } from '../../helpers/node-flags.ts'
import { until } from '../../helpers/until.ts'

const chatId = '4915550001234@c.us'
const yes = { type: 'reply', buttonId: 'yes', buttonText: 'Yes' }
const menu = { chatId, header: 'Order 4711', body: 'Is it right?', buttons: [yes] }

t.test('a page that connects again learns of what it missed, and of nothing twice', async (t) => {
  const board = await startBoard(t)
  const first = await Listener.start(t, board)
  await board.post('customer/text', { chatId, text: 'One' })
  await until(() => first.entries.length === 1)
  const { lastId } = first
  await board.post('customer/text', { chatId, text: 'Two' })
  await until(() => first.entries.length === 2)

  const again = await Listener.start(t, board, lastId)
  t.match(again.hellos, [{ fresh: false }])
  t.match(again.entries, [{ event: { data: { text: 'Two' } } }])
  for (const unknown of [undefined, 'another-run.1']) {
    const late = await Listener.start(t, board, unknown)
    t.match(late.hellos, [{ fresh: true }], 'it begins anew')
    t.equal(late.entries.length, 2)
  }
})

t.test('what is posted from outside is told apart, whatever becomes of it', async (t) => {
  const board = await startBoard(t)
  const page = await Listener.start(t, board)
  const message = { typeWebhook: 'incomingMessageReceived', instanceData: { idInstance: 1101000001, wid: '79001234567@c.us', typeInstance: 'whatsapp' }, timestamp: 1747817913, idMessage: 'A1', senderData: { chatId, sender: chatId }, messageData: { typeMessage: 'textMessage', textMessageData: { textMessage: 'Hello' } } }
  const outside = { authorization: 'Bearer example-token' }
  const { idMessage, typeMessage } = Object(await (await board.post('customer/text', { chatId, text: 'Inside' })).json())
  t.equal(typeMessage, 'textMessage')
  await until(() => page.events('textMessage').length === 1)
  for (const [headers, status] of [[outside, 200], [outside, 200], [{ authorization: 'Bearer wrong' }, 401]] as const) t.equal((await board.post('green-api', message, headers)).status, status)
  await until(() => page.state?.deliveries.length === 4)
  t.match(page.entries, [{ kind: 'event', outside: false, event: { idMessage } }, { kind: 'event', outside: true, event: { idMessage: 'A1' } }])
  t.ok(Math.abs(Date.now() - (page.entries[0]?.at ?? 0)) < 10_000, "by this machine's clock")
  const name = 'incomingMessageReceived textMessage'
  t.strictSame(page.state?.deliveries.map(({ receiptId, name, status }) => [receiptId, name, status]), [[undefined, 'something else', 401], [undefined, name, 200], [undefined, name, 200], [1, name, 200]])
})

t.test('a port that is taken is named, and so is another', async (t) => {
  const board = await startBoard(t)
  const { port } = new URL(board.url)
  const { code, output } = await run({ PORT: port, HOST: '127.0.0.1' })
  t.equal(code, 1)
  t.equal(output.trim(), `Port ${port} is taken: PORT=${Number(port) + 1} npm start`)
})

t.test('with an account it sends to it and asks it for notifications', async (t) => {
  const emulator = await emulate(t)
  const { idInstance, apiTokenInstance } = emulator.instance()
  const account = { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance }
  const board = await startBoard(t, { account })
  const page = await Listener.start(t, board)
  t.match(page.hellos, [{ mode: 'account', receiving: 'polled', idInstance, chatId: '', speed: 1 }])

  const { idMessage } = await (await board.post('send', menu)).json() as { idMessage: string }
  await until(() => page.events('outgoingMessageStatus').length === 3)
  emulator.instance().tap(idMessage, 'yes', { device: 'ios' })
  await until(() => page.events('quotedMessage').length === 1)
  t.match(page.events('buttonReply'), [{ data: { stanzaId: idMessage, buttonId: 'yes' } }])

  for (const path of ['receiver', 'customer/text', 'green-api']) t.equal((await board.post(path, {})).status, 404, path)
})

t.test('with a webhook token beside the account it waits to be posted to', async (t) => {
  const emulator = await emulate(t)
  const { idInstance, apiTokenInstance } = emulator.instance()
  const board = await startBoard(t, { account: { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance }, webhookToken: 'secret' })
  await emulator.instance().applySettings({ webhookUrl: `${board.url}/green-api`, webhookUrlToken: 'secret' })
  const page = await Listener.start(t, board)
  t.match(page.hellos, [{ mode: 'account', receiving: 'posted' }])
  emulator.instance().receive(emulator.instance().build.textMessage({ text: 'Hello' }))
  await until(() => page.events('textMessage').length === 1)
  t.equal((await board.post('green-api', {}, { authorization: 'Bearer wrong' })).status, 401)
})

t.test('an account that cannot be asked says why', async (t) => {
  const emulator = await emulate(t, { instances: [{ settings: { webhookUrl: 'http://127.0.0.1:9/' } }] })
  const { idInstance, apiTokenInstance } = emulator.instance()
  const page = await Listener.start(t, await startBoard(t, { account: { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance } }))
  await until(() => page.state?.stopped !== undefined)
  t.match(page.state?.stopped, 'cannot be polled while it has a webhookUrl')
})

t.test('an account out of reach, or a wrong token, is told without the token', async (t) => {
  const emulator = await emulate(t)
  const { idInstance } = emulator.instance()
  for (const [account, message] of [
    [{ apiUrl: emulator.apiUrl, idInstance, apiTokenInstance: 'wrong-token' }, 'GREEN-API answered 401'],
    [{ apiUrl: `http://127.0.0.1:${await freePort()}`, idInstance, apiTokenInstance: 'wrong-token' }, 'cannot be reached']
  ] as const) {
    const board = await startBoard(t, { account })
    const response = await board.post('send', menu)
    t.equal(response.status, 502)
    const text = await response.text()
    t.match(text, message)
    t.notMatch(text, 'wrong-token')
  }
})

t.test('a port or a host that is none is named, and so is the fix', async (t) => {
  for (const [env, expected] of [
    [{ PORT: 'abc' }, 'PORT is "abc". Set it to a whole number from 0 to 65535, such as PORT=3000.'],
    [{ PORT: '0', HOST: '192.0.2.1' }, /^HOST is not an address of this machine \(.*\): HOST=localhost npm start$/]
  ] as const) {
    const { code, output } = await run(env)

    t.equal(code, 1)
    t.match(output.trim(), expected)
    t.notMatch(output, /^ +at /m, 'without a stack')
  }
})

t.test('it says where the page is, in the words of the README', async (t) => {
  const port = await freePort()
  const { output } = await run({ PORT: String(port), HOST: '127.0.0.1' })
  t.match(output, `the board is on http://localhost:${port} (`)
})

/** Runs the program until it ends, or has said something. */
async function run (env: Record<string, string>): Promise<{ code: number | null, output: string }> {
  const child = spawn(process.execPath, [...nodeFlags, 'examples/board/main.ts'], { env: { ...process.env, GREEN_API_ID_INSTANCE: '', GREEN_API_TOKEN_INSTANCE: '', ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk; if (output.includes('Ctrl+C')) child.kill('SIGTERM') })
  const [code] = await once(child, 'close')
  return { code, output }
}
