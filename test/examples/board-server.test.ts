import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import t from 'tap'
import { readSettings } from '../../examples/board/settings.ts'
import { History } from '../../examples/board/history.ts'
import { Listener, startBoard } from '../helpers/boards.ts'
import { emulate } from '../helpers/emulated.ts'
import { freePort } from '../helpers/free-port.ts'
import { nodeFlags } from '../helpers/node-flags.ts'
import { until } from '../helpers/until.ts'

const chatId = '4915550001234@c.us'
const yes = { type: 'reply', buttonId: 'yes', buttonText: 'Yes' }
const menu = { chatId, header: 'Order 4711', body: 'Is it right?', buttons: [yes, { type: 'copy', buttonId: 'code', buttonText: 'Copy', copyCode: 'RYE' }] }

async function messageIn (response: Response): Promise<string> {
  return String(Object(await response.json()).message)
}

t.test('the page is a few files that run nothing but themselves', async (t) => {
  const { url } = await startBoard(t)
  const page = await fetch(url)
  t.equal(page.status, 200)
  const policy = page.headers.get('content-security-policy') ?? ''
  for (const text of ["default-src 'none'", "script-src 'self';", "style-src 'self';", "require-trusted-types-for 'script'"]) t.match(policy, text)
  t.notMatch(policy, 'unsafe')
  const html = await page.text()
  t.notMatch(html, /<script(?! type="module" src="board.js"><)|<style| style="| on\w+="|https?:\/\//, 'nothing inline, nothing from elsewhere')
  for (const name of readdirSync('examples/board/page').filter((name) => /\.(js|css|svg)$/.test(name))) {
    const response = await fetch(`${url}/${name}`)
    t.equal(response.status, 200, name)
    t.match(response.headers.get('content-type'), name.endsWith('.js') ? 'text/javascript' : /css|svg/)
    t.equal(response.headers.get('x-content-type-options'), 'nosniff')
    t.notMatch(await response.text(), /innerHTML|insertAdjacentHTML|document\.write|outerHTML/, 'a text becomes no HTML')
  }
  t.equal((await fetch(`${url}/tsconfig.json`)).status, 404)
})

t.test('a menu is sent, read, tapped and thanked for, and the page is told', async (t) => {
  const board = await startBoard(t)
  const page = await Listener.start(t, board)
  t.match(page.hellos, [{ mode: 'emulated', receiving: 'posted', idInstance: '1101000001', chatId, speed: 60, fresh: true }])

  const { idMessage } = await (await board.post('send', menu)).json() as { idMessage: string }
  await until(() => page.events('outgoingMessageStatus').length === 3)
  t.match(page.entries[0], { kind: 'sent', idMessage, chatId, menu })
  t.match(page.events('interactiveButtons'), [{ idMessage, data: { header: 'Order 4711' }, raw: { idMessage } }])

  for (const device of ['android', 'ios', 'web']) t.equal((await board.post('customer/tap', { idMessage, buttonId: 'yes', device })).status, 200)
  await until(() => page.events('quotedMessage').length === 3)
  t.strictSame(page.events('buttonReply').map((event) => 'typeMessage' in event && event.typeMessage), ['interactiveButtonsResponse', 'templateButtonsReplyMessage', 'templateButtonReplyMessage'])
  t.match(page.events('quotedMessage'), [{ data: { text: 'Thank you! We noted: “Yes”.' } }, {}, {}], 'once for each tap')

  await board.post('customer/text', { chatId, text: '<b>Hello</b>' })
  await board.post('customer/hologram', { chatId })
  await until(() => page.events('unrecognized').length === 1)
  t.match(page.events('textMessage'), [{ chatId, data: { text: '<b>Hello</b>' } }])
  t.match(page.events('unrecognized'), [{ reason: 'unknown-type', typeMessage: 'hologramMessage' }])
})

t.test('what GREEN-API refuses comes back in its own words', async (t) => {
  const board = await startBoard(t)
  for (const [body, message] of [
    [{ ...menu, body: '' }, "'body' is not allowed to be empty"],
    [{ ...menu, chatId: 'Ada' }, "'chatId' must be a chat id"],
    [{ ...menu, buttons: [yes, yes, yes, yes] }, "'buttons' must contain less than or equal to 3 items"],
    [{ ...menu, buttons: [] }, "'buttons' must contain at least 1 items"]
  ] as const) {
    const response = await board.post('send', body)
    t.equal(response.status, 400)
    t.match(await messageIn(response), message)
  }
  t.equal((await board.post('send', {})).status, 400)
})

t.test('a tap on what cannot be tapped says why', async (t) => {
  const board = await startBoard(t)
  const response = await board.post('customer/tap', { idMessage: 'BAE5', buttonId: 'yes', device: 'ios' })
  t.equal(response.status, 409)
  t.match(await messageIn(response), 'There is no message BAE5 with buttons.')
  t.equal((await board.post('customer/tap', { idMessage: 'BAE5', buttonId: 'yes', device: 'toaster' })).status, 400)
})

t.test('while the receiver is down notifications wait, and come when it is up', async (t) => {
  const board = await startBoard(t)
  const page = await Listener.start(t, board)
  await board.post('receiver', { up: false })
  for (const text of ['One', 'Two', 'Three']) await board.post('customer/text', { chatId, text })
  await until(() => page.state?.queue === 3 && (page.state.deliveries[0]?.attempts ?? 0) > 1)
  t.match(page.state, { receiver: 'down', deliveries: [{ name: 'incomingMessageReceived textMessage', status: 503 }] })
  t.equal(page.events('textMessage').length, 0)

  await board.post('receiver', { up: true })
  await until(() => page.state?.queue === 0 && page.events('textMessage').length === 3)
  t.strictSame(page.events('textMessage').map((event) => 'data' in event && 'text' in event.data && event.data.text), ['One', 'Two', 'Three'], 'in order')
  t.match(page.state, { receiver: 'up', lost: 0, deliveries: [{ status: 200 }, { status: 200 }, { status: 200 }] })
})

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

t.test('the history forgets what is too old, and says so', async (t) => {
  const history = new History()
  const { id } = history.add({ at: 0, kind: 'sent', idMessage: '1', chatId, text: 'One' })
  for (let index = 0; index < 1000; index++) history.add({ at: 0, kind: 'sent', idMessage: '2', chatId, text: 'Two' })
  t.match(history.since(id), { fresh: true, entries: { length: 1000 } })
  for (let index = 0; index < 5; index++) history.add({ at: 0, kind: 'sent', idMessage: '3', chatId, text: 'x'.repeat(5 * 1024 * 1024) })
  t.equal(history.since('').entries.length, 3, 'large ones sooner')
})

t.test('open streams do not keep the server from closing', async (t) => {
  const board = await startBoard(t)
  const pages = await Promise.all([1, 2, 3].map(() => Listener.start(t, board)))
  const begun = performance.now()
  await board.app.close()
  t.ok(performance.now() - begun < 2000)
  await until(() => pages.every(({ ended }) => ended))
})

t.test('other sites are turned away', async (t) => {
  const { app } = await startBoard(t)
  const ask = async (headers: Record<string, string>, url = '/events') => (await app.inject({ method: 'POST', url: '/receiver', headers: { host: 'localhost', ...headers }, payload: { up: true } })).statusCode
  t.equal(await ask({}), 200)
  t.equal(await ask({ host: '127.0.0.1:3000', 'sec-fetch-site': 'same-origin' }), 200)
  t.equal(await ask({ host: '[::1]:3000' }), 200)
  t.equal(await ask({ host: 'a-name-that-points-here.example' }), 403, 'whose name leads here')
  t.equal(await ask({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }), 403, 'whose page asks')
  const form = await app.inject({ method: 'POST', url: '/receiver', headers: { host: 'localhost', 'content-type': 'text/plain' }, payload: '{"up":false}' })
  t.equal(form.statusCode, 415)
  const link = await app.inject({ url: '/', headers: { host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } })
  t.equal(link.statusCode, 200, 'a link may lead here')
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

t.test('the environment names the account whole or not at all', async (t) => {
  t.match(readSettings({}), { host: 'localhost', port: 3000, account: undefined, webhookToken: undefined })
  t.match(readSettings({ PORT: '8080', HOST: '0.0.0.0', GREEN_API_ID_INSTANCE: '', GREEN_API_WEBHOOK_TOKEN: 'x' }), { host: '0.0.0.0', port: 8080, account: undefined, webhookToken: 'x' })
  t.strictSame(readSettings({ GREEN_API_ID_INSTANCE: '1', GREEN_API_TOKEN_INSTANCE: 'a', GREEN_API_URL: 'http://127.0.0.1:8080/' }).account, { apiUrl: 'http://127.0.0.1:8080', idInstance: '1', apiTokenInstance: 'a' })
  t.throws(() => readSettings({ GREEN_API_ID_INSTANCE: '1' }), /GREEN_API_ID_INSTANCE is set and GREEN_API_TOKEN_INSTANCE is not/)
  t.throws(() => readSettings({ GREEN_API_TOKEN_INSTANCE: 'a' }), /GREEN_API_TOKEN_INSTANCE is set and GREEN_API_ID_INSTANCE is not/)
})
