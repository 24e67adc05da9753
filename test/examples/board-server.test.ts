import { readdirSync } from 'node:fs'
import t from 'tap'
import { readSettings } from '../../examples/board/settings.ts'
import { History } from '../../examples/board/history.ts'
import { Listener, startBoard } from '../helpers/boards.ts'
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

t.test('the environment names the account whole or not at all', async (t) => {
  t.match(readSettings({}), { host: 'localhost', port: 3000, account: undefined, webhookToken: undefined })
  t.match(readSettings({ PORT: '8080', HOST: '0.0.0.0', GREEN_API_ID_INSTANCE: '', GREEN_API_WEBHOOK_TOKEN: 'x' }), { host: '0.0.0.0', port: 8080, account: undefined, webhookToken: 'x' })
  t.strictSame(readSettings({ GREEN_API_ID_INSTANCE: '1', GREEN_API_TOKEN_INSTANCE: 'a', GREEN_API_URL: 'http://127.0.0.1:8080/' }).account, { apiUrl: 'http://127.0.0.1:8080', idInstance: '1', apiTokenInstance: 'a' })
  t.throws(() => readSettings({ GREEN_API_ID_INSTANCE: '1' }), /GREEN_API_ID_INSTANCE is set and GREEN_API_TOKEN_INSTANCE is not/)
  t.throws(() => readSettings({ GREEN_API_TOKEN_INSTANCE: 'a' }), /GREEN_API_TOKEN_INSTANCE is set and GREEN_API_ID_INSTANCE is not/)
})
