import { expectTypeOf } from 'expect-type'
import type { Event } from 'fastify-green-api'
import { Sender, defineMenu, type MenuMessage, type MenuTap } from 'fastify-green-api/sending'
import { createBuilders, inject } from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { build, only } from '../helpers/app.ts'
import { emulate } from '../helpers/emulated.ts'
import { idInstance, openServer } from '../helpers/scripted-server.ts'

const chatId = '4915550001234@c.us'
const { buttonReply } = createBuilders({ idInstance, wid: '79001234567@c.us' })

const confirm = defineMenu('confirm', {
  header: 'Your order',
  body: (order) => `Is order ${order} right?`,
  footer: (order) => order,
  choices: { yes: 'Yes', no: 'No' }
})

/** Registers the menu. Returns the application and the taps that the handlers received. */
async function listen (t: Test, handle: (tap: MenuTap) => void | Promise<void> = () => {}) {
  const app = await build(t)
  const server = await openServer(t)
  const taps: Array<{ choice: string, payload: string, event: Event<'buttonReply'> }> = []
  const handler = (choice: string) => async (tap: MenuTap) => {
    taps.push({ choice, payload: tap.payload, event: tap.event })
    await handle(tap)
  }
  app.greenApi.on('buttonReply', confirm.on({ yes: handler('yes'), no: handler('no') }, { sender: server.sender() }))
  return { app, server, taps }
}

t.test('menu makes a message whose buttons carry the menu, the choice and the payload', async (t) => {
  t.strictSame(confirm('4711'), {
    header: 'Your order',
    body: 'Is order 4711 right?',
    footer: '4711',
    buttons: [
      { buttonId: 'confirm:yes:4711', buttonText: 'Yes', choice: 'yes' },
      { buttonId: 'confirm:no:4711', buttonText: 'No', choice: 'no' }
    ]
  })
  t.equal(confirm.name, 'confirm')
  const language = defineMenu('language', { body: 'Which language?', choices: { en: 'English' } })
  t.match(language(), { body: 'Which language?', header: undefined, buttons: [{ buttonId: 'language:en' }] })
})

t.test('menu.on calls the handler of the choice, from every device and after a restart', async (t) => {
  const server = await openServer(t)
  await server.sender().send(chatId, confirm('4711'))
  const [, { buttonId }] = Object(server.requests[0]?.body).buttons

  for (const device of ['android', 'ios', 'web'] as const) {
    const { app, taps } = await listen(t)
    const { outcome } = await inject(app, buttonReply({ buttonId, device }, { chatId }))
    t.equal(outcome, 'delivered')
    t.match(only(taps), { choice: 'no', payload: '4711', event: { name: 'buttonReply', chatId } }, device)
  }
})

t.test('menu.on ignores taps on other menus and those of the own account', async (t) => {
  const { app, taps } = await listen(t)
  const other = defineMenu('confirmed', { body: 'Well?', choices: { yes: 'Yes' } })
  const ids = [
    'yes', '', 'confirm', 'confirm:', 'confirm:maybe:4711', 'confirm:toString', 'confirm:__proto__:1', 'Confirm:yes:1',
    'x:confirm:yes', ...other('4711').buttons.map(({ buttonId }) => buttonId)
  ]
  for (const buttonId of ids) {
    t.equal((await inject(app, buttonReply({ buttonId, buttonText: 'Yes' }))).outcome, 'delivered', buttonId)
  }
  const buttonId = 'confirm:yes:4711'
  await inject(app, buttonReply({ buttonId }, { sentBy: 'phone' }))
  await inject(app, buttonReply({ buttonId }, { sentBy: 'api' }))
  await inject(app, buttonReply({ buttonId }, { sender: '79001234567@c.us' }))
  t.strictSame(taps, [])
})

t.test('reply of a handler sends to the chat of the tap', async (t) => {
  const results: unknown[] = []
  const { app, server } = await listen(t, async ({ reply }) => { results.push(await reply(confirm('4712'))) })
  const group = '120363000000000001@g.us'
  await inject(app, buttonReply({ buttonId: 'confirm:yes:4711' }, { chatId: group }))
  t.match(only(server.requests).body, { chatId: group, body: 'Is order 4712 right?' })
  t.notMatch(JSON.stringify(server.requests), '"choice"')
  t.strictSame(results, [{ idMessage: 'sent-1' }])
})

t.test('menu.on chooses the Sender of the instance of the tap', async (t) => {
  const app = await build(t)
  const servers = new Map([['1101000001', await openServer(t)], ['1101000002', await openServer(t)]])
  const senders = new Map([...servers].map(([idInstance, server]) => [idInstance, server.sender({ idInstance })]))
  const handle = async ({ reply }: MenuTap) => { await reply('Thank you') }
  app.greenApi.on('buttonReply', confirm.on({ yes: handle, no: handle }, {
    sender: ({ idInstance }) => senders.get(idInstance) ?? only([])
  }))
  const second = createBuilders({ idInstance: 1101000002 })
  t.equal((await inject(app, second.buttonReply({ buttonId: 'confirm:yes' }))).outcome, 'delivered')
  t.equal(servers.get('1101000001')?.count, 0)
  t.equal(servers.get('1101000002')?.count, 1)
})

t.test('a failing handler is retried', async (t) => {
  let failures = 1
  const { app, taps } = await listen(t, async () => { if (failures-- > 0) throw new Error('the database is away') })
  const body = buttonReply({ buttonId: 'confirm:yes:4711' })
  t.equal((await inject(app, body)).outcome, 'failed')
  t.equal((await inject(app, body)).outcome, 'delivered')
  t.equal(taps.length, 2)
})

t.test('defineMenu and on reject what cannot work', async (t) => {
  // Callers without TypeScript.
  const define = defineMenu as (...args: unknown[]) => typeof confirm
  const choices = { yes: 'Yes' }
  const invalid: Array<[call: () => unknown, message: RegExp]> = [
    [() => define('', { body: 'Well?', choices }), /^The name of a menu must be a string/],
    [() => define('a', { choices }), /^The menu `a` needs a body/],
    [() => define('a', { body: '', choices }), /^The menu `a` needs a body/],
    [() => define('a', { body: 'Well?' }), /^The menu `a` needs choices/],
    [() => define('a', { body: 'Well?', choices: {} }), /^The menu `a` has 0 choices\. GREEN-API allows 1 to 3/],
    [() => define('a', { body: 'Well?', choices: { a: 'A', b: 'B', c: 'C', d: 'D' } }), /has 4 choices.*split the menu/],
    [() => define('a', { body: 'Well?', choices: { a: 'x'.repeat(26) } }), /`a` of the menu `a` must have 1 to 25 char/],
    [() => define('a', { body: 'Well?', choices: { a: '' } }), /must have 1 to 25 characters/],
    [() => define('a', { body: 'Well?', choices: { '': 'A' } }), /A choice of the menu `a` has no name/],
    [() => define('a', { boyd: 'Well?', choices }), /Unknown option `boyd` for the menu `a`\. Did you mean `body`\?/],
    [() => confirm('x'.repeat(245)), /The payload of the menu `confirm` is too long: .* `yes` it has 257 bytes, 256 are/],
    [() => confirm(5 as unknown as string), /The payload of the menu `confirm` must be a string/]
  ]
  for (const [call, message] of invalid) t.throws(call, { message, name: 'InvalidOptionError' })
  t.doesNotThrow(() => confirm('x'.repeat(244)))

  const sender = (await openServer(t)).sender()
  const on = confirm.on as (handlers: object, options: object) => unknown
  t.throws(() => on({ yes () {} }, { sender }), { message: /The choice `no` of the menu `confirm` has no handler/ })
  t.throws(() => on({ yes () {}, on () {} }, { sender }), /Unknown choice `on` of the menu `confirm`\. Did you mean `no`\?/)
  t.throws(() => on({ yes () {}, no () {} }, {}), /The menu `confirm` needs a Sender, or a function that returns one/)
})

t.test('a forgotten or misspelled choice does not compile', async () => {
  const check = (sender: Sender) => {
    const handle = () => {}
    // @ts-expect-error no is forgotten
    confirm.on({ yes: handle }, { sender })
    // @ts-expect-error no is misspelled
    confirm.on({ yes: handle, on: handle }, { sender })
    // @ts-expect-error maybe is not a choice
    confirm.on({ yes: handle, no: handle, maybe: handle }, { sender })
    // @ts-expect-error the payload is a string
    confirm(4711)
    // @ts-expect-error the sender is missing
    confirm.on({ yes: handle, no: handle })
    return confirm.on({ yes: handle, async no ({ reply }) { await reply('Why?') } }, { sender })
  }
  expectTypeOf(check).returns.toEqualTypeOf<(event: Event<'buttonReply'>) => Promise<void>>()
  expectTypeOf(confirm()).toEqualTypeOf<MenuMessage<'yes' | 'no'>>()
})

t.test('a menu, its tap and the reply pass through GREEN-API', async (t) => {
  const app = await build(t, { token: 'secret' })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const settings = { webhookUrl: `${address}/green-api`, webhookUrlToken: 'secret' }
  const emulator = await emulate(t, { instances: [{ settings }] })
  const sender = new Sender({ apiUrl: emulator.apiUrl, idInstance, apiTokenInstance: 'emulated-token' })
  app.greenApi.on('buttonReply', confirm.on({
    async yes ({ payload, reply }) { await reply(`Order ${payload} is on its way`) },
    async no ({ payload, reply }) { await reply(`What is wrong with order ${payload}?`) }
  }, { sender }))

  const message = confirm('4711')
  const { idMessage } = await sender.send(chatId, message)
  await emulator.idle()
  emulator.instance().tap(idMessage, message.buttons[1]?.buttonId ?? '', { device: 'web' })
  await emulator.idle()

  const [answer] = emulator.instance().messages('outgoing')
  t.match(answer, { chatId, extendedTextMessage: { text: 'What is wrong with order 4711?' } })
})

t.test('on throws the fix when a JavaScript program forgets the handlers or the options', async (t) => {
  const menu = defineMenu('confirm', { body: 'Well?', choices: { yes: 'Yes' } })
  const sender = { reply: async () => undefined }
  const invalid = [[], [null, { sender }], [5, { sender }], [{ yes () {} }], [{ yes () {} }, {}], [{ yes () {} }, null]]
  for (const values of invalid) {
    const call = () => { Reflect.apply(menu.on, menu, values) }
    t.throws(call, { code: 'FST_GREEN_API_INVALID_OPTION', message: /on\(handlers, \{ sender \}\)/ })
  }
})
