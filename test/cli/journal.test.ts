import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { build, collect, only, token } from '../helpers/app.ts'
import { command } from '../helpers/command-line.ts'
import { emulate, send } from '../helpers/emulated.ts'
import { freePort } from '../helpers/free-port.ts'
import { listen } from '../helpers/sockets.ts'
import { lineOf } from '../../lib/cli/journal/line.ts'
import { readRecord } from '../../lib/cli/journal/recorded.ts'

const ada = '4915550000001@c.us'
const bob = '4915550000002@c.us'

/** An instance with a conversation: a menu to Ada, her tap, and what Bob wrote below the same menu. */
async function converse (t: Test) {
  const emulator = await emulate(t, { clock: { speed: 1 } })
  const instance = emulator.instance()
  const menu = await send(emulator, 'sendInteractiveButtonsReply', { chatId: ada, body: 'Is order 4711 right?', buttons: [{ buttonId: 'yes', buttonText: 'Yes' }] })
  await emulator.clock.advance(5000)
  const tap = instance.tap(menu, 'yes')
  await emulator.clock.advance(5000)
  const text = instance.build.quotedMessage({ text: `Yes\n\u001b[31mplease ${'!'.repeat(100)}` }, { chatId: bob, sender: bob })
  instance.receive(text)
  const run = (...args: string[]) => command(t, 'journal', '--id-instance', instance.idInstance, '--token', instance.apiTokenInstance, '--api-url', emulator.apiUrl, ...args)
  return { emulator, run, menu, tap, text: text.idMessage }
}

t.test('a chat is shown as its events, the oldest first, each tap with its menu', async (t) => {
  const { run, menu, tap } = await converse(t)
  for (const chat of ['4915550000001', '+4915550000001', ada]) {
    const { code, stdout, stderr } = await run(chat)
    t.strictSame([code, stderr], [0, ''], chat)
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
    t.match(stdout, new RegExp([
      `^${time}  -> ${ada}  interactiveButtons  "Is order 4711 right\\?"  read  ${menu}\n`,
      `${time}  <- ${ada}  buttonReply  "Yes" \\(yes\\) of "Is order 4711 right\\?"  ${only([tap]).idMessage}\n$`
    ].join('')))
  }
})

t.test('without a chat all are shown, and nothing that a terminal would obey', async (t) => {
  const { run, text } = await converse(t)
  const { stdout } = await run()
  const lines = stdout.trimEnd().split('\n')
  t.equal(lines.length, 3)
  t.match(lines[2], new RegExp(`<- ${bob}  quotedMessage  "Yes \\[31mplease !+…"  ${text}$`))
})

t.test('where there is nothing it says so, and exits with 1', async (t) => {
  const { run } = await converse(t)
  t.strictSame(await run('999', '--minutes', '60'), { code: 1, stdout: '', stderr: 'The journals of instance 1101000001 have nothing of 999 within the last 60 minutes.\n' })
  const empty = await emulate(t)
  const { stderr } = await command(t, 'journal', '--id-instance', '1101000001', '--token', 'emulated-token', '--api-url', empty.apiUrl)
  t.equal(stderr, 'The journals of instance 1101000001 have nothing within the last 1440 minutes.\n')
  const { stdout, code } = await run('999', '--json')
  t.strictSame([code, JSON.parse(stdout)], [1, { ok: false, idInstance: '1101000001', messages: [] }])
})

t.test('with --json it prints events, whose raw is sent again', async (t) => {
  const app = await build(t)
  const replies = collect(app, 'buttonReply')
  const { run } = await converse(t)
  const { code, stdout } = await run(ada, '--json')
  t.equal(code, 0)
  const { messages }: { messages: Array<{ name: string, raw: unknown }> } = JSON.parse(stdout)
  t.strictSame(messages.map(({ name }) => name), ['interactiveButtons', 'buttonReply'])
  const file = join(t.testdir({}), 'lost.json')
  writeFileSync(file, JSON.stringify(messages[1]?.raw))
  const sent = await command(t, 'send', file, '--to', `http://127.0.0.1:${await listen(app)}/green-api`, '--token', token)
  t.equal(sent.code, 0)
  t.equal(only(replies).data.buttonId, 'yes')
})

t.test('what GREEN-API refuses is explained, without the token', async (t) => {
  const emulator = await emulate(t)
  const wrong = ['journal', '--id-instance', '1101000001', '--token', 'wrong', '--api-url']
  const refused = await command(t, ...wrong, emulator.apiUrl)
  t.equal(refused.code, 1)
  t.match(refused.stderr, /it is not the token of instance 1101000001 \(401\)\nWhat to do: copy the instance's apiTokenInstance/)
  const away = await command(t, ...wrong, `http://127.0.0.1:${await freePort()}`)
  t.match(away.stderr, /cannot be reached: .*ECONNREFUSED/)
  const asJson = await command(t, ...wrong, emulator.apiUrl, '--json')
  t.strictSame([asJson.code, asJson.stderr], [1, ''])
  t.match(JSON.parse(asJson.stdout), { ok: false, idInstance: '1101000001', messages: [], error: /it is not the token/, fix: /copy the instance's apiTokenInstance/ })
  for (const { stdout, stderr } of [refused, away, asJson]) t.notMatch(stdout + stderr, /\bwrong\b/)
})

t.test('what answers otherwise is not GREEN-API', async (t) => {
  const app = await build(t)
  app.get('/waInstance1/:method/:token', async () => ({}))
  const { code, stderr } = await command(t, 'journal', '--id-instance', '1', '--token', 'a', '--api-url', `http://127.0.0.1:${await listen(app)}`)
  t.equal(code, 1)
  t.match(stderr, /is not GREEN-API: lastIncomingMessages was answered 200 without a list/)
})

t.test('whatever a record is, it has a line', async (t) => {
  const line = (record: object) => lineOf(readRecord({ ...record }), [])
  t.equal(line({}), '1970-01-01 00:00:00  ->   unrecognized (not-a-notification)')
  t.match(line({ type: 'incoming', idMessage: 'A', timestamp: 1e20, chatId: ada, typeMessage: 'hologramMessage' }), `<- ${ada}  unrecognized (hologramMessage)  A`)
  t.match(line({ type: 'incoming', idMessage: 'A', timestamp: 1767225600, chatId: ada, typeMessage: 'textMessage', textMessage: 'Hello' }), `2026-01-01 00:00:00  <- ${ada}  textMessage  "Hello"  A`)
  t.match(line({ type: 'incoming', idMessage: 'A', timestamp: 1767225600, chatId: ada, typeMessage: 'templateButtonsReplyMessage', templateButtonReplyMessage: { stanzaId: 'BAE5', selectedId: 'yes', selectedDisplayText: 'Yes' } }), '"Yes" (yes) of BAE5  A')
  t.match(line({ type: 'incoming', idMessage: 'A', timestamp: 1767225600, chatId: ada, typeMessage: 'locationMessage', location: { latitude: 1, longitude: 2 } }), `${ada}  locationMessage  A`)
})
