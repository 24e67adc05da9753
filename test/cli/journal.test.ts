import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { build, collect, only, token } from '../helpers/app.ts'
import { command } from '../helpers/command-line.ts'
import { emulate, send } from '../helpers/emulated.ts'
import { freePort } from '../helpers/free-port.ts'
import { listen } from '../helpers/sockets.ts'
import { formatEntry } from '../../lib/cli/journal/format-entry.ts'
import { toJournalEntry } from '../../lib/cli/journal/entry.ts'
import { isSameChat } from '../../lib/cli/journal/match-chat.ts'

const ada = '4915550000001@c.us'
const bob = '4915550000002@c.us'

/** Emulates an instance that sent Ada a menu, which she tapped, and received a message from Bob. */
async function converse (t: Test) {
  const emulator = await emulate(t, { clock: { speed: 1 } })
  const instance = emulator.instance()
  const menu = await send(emulator, 'sendInteractiveButtonsReply', {
    chatId: ada,
    body: 'Is order 4711 right?',
    buttons: [{ buttonId: 'yes', buttonText: 'Yes' }]
  })
  await emulator.clock.advance(5000)
  const tap = instance.tap(menu, 'yes')
  await emulator.clock.advance(5000)
  const words = `Yes\n\u001b[31mplease ${'!'.repeat(100)}`
  const text = instance.build.quotedMessage({ text: words }, { chatId: bob, sender: bob })
  instance.receive(text)
  const { idInstance, apiTokenInstance } = instance
  const credentials = ['--id-instance', idInstance, '--api-token', apiTokenInstance, '--api-url', emulator.apiUrl]
  const run = (...args: string[]) => command(t, 'journal', ...credentials, ...args)
  return { emulator, run, menu, tap, text: text.idMessage }
}

t.test('journal prints the events of a chat, the oldest first, and the menu of each tap', async (t) => {
  const { run, menu, tap } = await converse(t)
  for (const chat of ['4915550000001', '+4915550000001', '+49 1555 0000001', ada]) {
    const { code, stdout, stderr } = await run(chat)
    t.strictSame([code, stderr], [0, ''], chat)
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
    t.match(stdout, new RegExp([
      `^${time}  -> ${ada}  interactiveButtons  "Is order 4711 right\\?"  read  ${menu}\n`,
      `${time}  <- ${ada}  buttonReply  "Yes" \\(yes\\) of "Is order 4711 right\\?"  ${only([tap]).idMessage}\n$`
    ].join('')))
  }
})

t.test('journal takes a phone number without quotes', async (t) => {
  const { run } = await converse(t)
  const quoted = await run('+49 1555 0000001')
  const { stdout: otherOrder } = await run('+49', '1555', '0000001', '--minutes', '60')

  t.strictSame(await run('+49', '1555', '0000001'), quoted)
  t.equal(otherOrder, quoted.stdout)
  t.match(await run(''), { code: 1, stdout: '' }, 'an empty number is no chat')
})

t.test('journal prints all chats without control characters when no chat is given', async (t) => {
  const { run, text } = await converse(t)
  const { stdout } = await run()
  const lines = stdout.trimEnd().split('\n')
  t.equal(lines.length, 3)
  t.match(lines[2], new RegExp(`<- ${bob}  quotedMessage  "Yes \\[31mplease !+…"  ${text}$`))
})

t.test('journal exits with 1 when there are no messages', async (t) => {
  const { run } = await converse(t)
  t.strictSame(await run('999', '--minutes', '60'), {
    code: 1,
    stdout: '',
    stderr: 'Instance 1101000001 has no messages in chat 999 in the last 60 minutes.\n'
  })
  const empty = await emulate(t)
  const credentials = ['--id-instance', '1101000001', '--api-token', 'emulated-token', '--api-url', empty.apiUrl]
  const { stderr } = await command(t, 'journal', ...credentials)
  t.equal(stderr, 'Instance 1101000001 has no messages in the last 1440 minutes.\n')
  const { stdout, code } = await run('999', '--json')
  t.strictSame([code, JSON.parse(stdout)], [1, { ok: false, idInstance: '1101000001', messages: [] }])
})

t.test('journal prints events with --json, and send accepts the raw of an event', async (t) => {
  const app = await build(t)
  const replies = collect(app, 'buttonReply')
  const { run } = await converse(t)
  const { code, stdout } = await run(ada, '--json')
  t.equal(code, 0)
  const { messages }: { messages: Array<{ name: string, raw: unknown }> } = JSON.parse(stdout)
  t.strictSame(messages.map(({ name }) => name), ['interactiveButtons', 'buttonReply'])
  const file = join(t.testdir({}), 'lost.json')
  writeFileSync(file, JSON.stringify(messages[1]?.raw))
  const url = `http://127.0.0.1:${await listen(app)}/green-api`
  const sent = await command(t, 'send', file, '--to', url, '--webhook-token', token)
  t.equal(sent.code, 0)
  t.equal(only(replies).data.buttonId, 'yes')
})

t.test('journal explains a request that GREEN-API rejects, without printing the token', async (t) => {
  const emulator = await emulate(t)
  const wrong = ['journal', '--id-instance', '1101000001', '--api-token', 'wrong', '--api-url']
  const refused = await command(t, ...wrong, emulator.apiUrl)
  t.equal(refused.code, 1)
  const message = 'error: GREEN-API rejects the token: it is not the apiTokenInstance of instance 1101000001 (401)\n'
  t.ok(refused.stderr.startsWith(`${message}Fix: copy the instance's apiTokenInstance`), refused.stderr)
  const away = await command(t, ...wrong, `http://127.0.0.1:${await freePort()}`)
  t.match(away.stderr, /cannot reach .*ECONNREFUSED/)
  const asJson = await command(t, ...wrong, emulator.apiUrl, '--json')
  t.strictSame([asJson.code, asJson.stderr], [1, ''])
  t.match(JSON.parse(asJson.stdout), {
    ok: false,
    idInstance: '1101000001',
    messages: [],
    error: /it is not the apiTokenInstance/,
    fix: /copy the instance's apiTokenInstance/
  })
  for (const { stdout, stderr } of [refused, away, asJson]) t.notMatch(stdout + stderr, /\bwrong\b/)
})

t.test('journal reports a server that is not GREEN-API', async (t) => {
  const app = await build(t)
  app.get('/waInstance1/:method/:token', async () => ({}))
  const apiUrl = `http://127.0.0.1:${await listen(app)}`

  const { code, stderr } = await command(t, 'journal', '--id-instance', '1', '--api-token', 'a', '--api-url', apiUrl)

  t.equal(code, 1)
  t.match(stderr, /is not GREEN-API: lastIncomingMessages was answered 200 without a list/)
})

const journalMethods = ['lastIncomingMessages', 'lastOutgoingMessages', 'lastIncomingCalls', 'lastOutgoingCalls']
type Journals = Record<string, object[] | number | string>

/** Runs the journal against an API with these answers: records, their JSON, or a status. */
async function runJournal (t: Test, answers: Journals, ...args: string[]) {
  const requests: string[] = []
  const app = Fastify()
  t.teardown(() => app.close())
  app.get<{ Params: { method: string } }>('/waInstance1/:method/a', async ({ params: { method }, url }, reply) => {
    requests.push(url)
    const answer = answers[method] ?? 404
    reply.type('application/json')
    return typeof answer === 'number' ? reply.code(answer).send('') : answer
  })
  const credentials = ['--id-instance', '1', '--api-token', 'a', '--api-url', `http://127.0.0.1:${await listen(app)}`]
  return { ...await command(t, 'journal', ...credentials, ...args), requests }
}

const records = {
  lastIncomingMessages: [
    { type: 'incoming', idMessage: 'A', timestamp: 1767225600, typeMessage: 'textMessage', chatId: ada, textMessage: 'Hi' }
  ],
  lastOutgoingMessages: [{
    type: 'outgoing',
    idMessage: 'B',
    timestamp: 1767225630,
    typeMessage: 'textMessage',
    chatId: bob,
    textMessage: 'Ho',
    statusMessage: 'read',
    sendByApi: true
  }],
  lastIncomingCalls: [{
    type: 'incoming',
    idMessage: 'C',
    timestamp: 1767225610,
    typeMessage: 'incomingCall',
    chatId: ada,
    isVideo: false,
    status: 'declined',
    isGroup: false
  }],
  lastOutgoingCalls: [{
    type: 'outgoing',
    idMessage: 'D',
    timestamp: 1767225620,
    typeMessage: 'outgoingCall',
    duration: 35,
    isVideo: true,
    status: 'pickUp',
    participants: [{ id: ada, status: 'pickUp' }, { id: bob, status: 'declined' }]
  }]
}

t.test('journal merges the calls into the messages by time', async (t) => {
  const { code, stdout, stderr, requests } = await runJournal(t, records, '--minutes', '60')

  t.strictSame([code, stderr], [0, ''])
  const lines = stdout.trimEnd().split('\n')
  t.strictSame(lines.map((line) => line.at(-1)), ['A', 'C', 'D', 'B'])
  t.match(lines[1], new RegExp(`<- ${ada}  .*incomingCall.*  declined  C$`))
  t.match(lines[2], new RegExp(`-> ${ada}, ${bob}  .*outgoingCall.*  pickUp  D$`))
  t.strictSame(requests, journalMethods.map((method) => `/waInstance1/${method}/a?minutes=60`))
})

t.test('journal prints all digits of ids that are long numbers', async (t) => {
  const json = '[{"type":"incoming","idMessage":9007199254740993,"timestamp":1,"typeMessage":"textMessage",' +
    '"chatId":10000000000000000001,"textMessage":"Hi"}]'

  const { code, stdout } = await runJournal(t, { ...records, lastIncomingMessages: json }, '10000000000000000001')

  t.equal(code, 0)
  t.match(stdout, /<- 10000000000000000001 {2}textMessage {2}"Hi" {2}9007199254740993\n$/)
})

t.test('journal finds a call by any of its participants', async (t) => {
  const { stdout } = await runJournal(t, records, bob)

  t.strictSame(stdout.trimEnd().split('\n').map((line) => line.at(-1)), ['D', 'B'])
})

t.test('journal prints the other journals when GREEN-API refuses one', async (t) => {
  for (const [index, method] of journalMethods.entries()) {
    for (const status of [403, 404, 429, 500]) {
      await t.test(`${method} answered ${status}`, async (t) => {
        const answers = { ...records, [method]: status }
        const silent = status === 404 && method.endsWith('Calls')
        const warning = `${method} was answered ${status}, so the list is incomplete`

        const { code, stdout, stderr } = await runJournal(t, answers)
        const asJson = await runJournal(t, answers, '--json')

        t.equal(code, 0)
        const expected = ['A', 'C', 'D', 'B'].filter((id) => id !== ['A', 'B', 'C', 'D'][index])
        t.strictSame(stdout.trimEnd().split('\n').map((line) => line.at(-1)), expected)
        t.equal(stderr, silent ? '' : `warning: ${warning}\n`)
        t.strictSame(JSON.parse(asJson.stdout).warnings, silent ? undefined : [warning])
      })
    }
  }
})

t.test('journal fails when GREEN-API refuses all journals, and at once when it rejects the token', async (t) => {
  const refused = await runJournal(t, Object.fromEntries(journalMethods.map((method) => [method, 403])))
  const rejected = await runJournal(t, { ...records, lastIncomingMessages: 401 })

  t.match(refused, { code: 1, stdout: '', stderr: /GREEN-API has no instance 1/ })
  t.match(rejected, { code: 1, stdout: '', stderr: /GREEN-API rejects the token/ })
  t.equal(rejected.requests.length, 1)
})

t.test('isSameChat finds a phone number however it is written', async (t) => {
  for (const number of [
    '4915550001234', '+4915550001234', '+49 1555 0001234', '0049 1555 0001234', '+49 (0)1555 / 000-12.34',
    '(49) 1555-0001234', ' +49\u00a01555\u00a00001234 ', '\u202a+49 1555 0001234\u202c', '+49\u20111555\u20110001234',
    'tel:+49-1555-0001234', '\uff0b\uff14\uff191555 0001234', '4915550001234@c.us', 'https://wa.me/4915550001234',
    '01555 0001234', '(01555) 000-12-34'
  ]) t.equal(isSameChat('4915550001234@c.us', number), true, number)
  for (const number of [
    '1555 0001234', '+49 1555 000123', '', ' ', '+', 'Ada', '4915550001234@g.us', '0', '001234', '02555 0001234'
  ]) t.equal(isSameChat('4915550001234@c.us', number), false, number)
  for (const number of ['8 900 123-45-67', '8(900)1234567', '+7 900 123 45 67']) {
    t.equal(isSameChat('79001234567@c.us', number), true, number)
  }
  t.equal(isSameChat('49001234567@c.us', '8 900 123-45-67'), false)
  t.equal(isSameChat('120363043968066561@g.us', '0363043968066561'), false, 'only the numbers of contacts')
})

t.test('isSameChat finds the ids of groups, channels and hidden numbers', async (t) => {
  for (const [chatId, chat] of [
    ['120363043968066561@g.us', '120363043968066561@g.us'],
    ['120363043968066561@g.us', '120363043968066561'],
    ['79001234567-1581234048@g.us', '79001234567-1581234048@g.us'],
    ['79001234567-1581234048@g.us', '79001234567-1581234048'],
    ['130588000000001@lid', '130588000000001@lid'],
    ['status@broadcast', 'status@broadcast'],
    ['-69130558841234', '-69130558841234']
  ] as const) t.equal(isSameChat(chatId, chat), true, chat)
  t.equal(isSameChat('79001234567-1581234048@g.us', '79001234567'), false)
  t.equal(isSameChat('4915550001234@lid', '4915550001234@c.us'), false)
})

t.test('formatEntry formats any record', async (t) => {
  const line = (record: object) => formatEntry(toJournalEntry({ ...record }), [])
  const incoming = (members: object) => {
    return line({ type: 'incoming', idMessage: 'A', timestamp: 1767225600, chatId: ada, ...members })
  }
  const reply = { stanzaId: 'BAE5', selectedId: 'yes', selectedDisplayText: 'Yes' }

  t.equal(line({}), '1970-01-01 00:00:00  ->   unrecognized (not-a-notification)')
  t.match(
    incoming({ timestamp: 1e20, typeMessage: 'hologramMessage' }),
    `<- ${ada}  unrecognized (hologramMessage)  A`
  )
  t.match(
    incoming({ typeMessage: 'textMessage', textMessage: 'Hello' }),
    `2026-01-01 00:00:00  <- ${ada}  textMessage  "Hello"  A`
  )
  t.match(
    incoming({ typeMessage: 'templateButtonsReplyMessage', templateButtonReplyMessage: reply }),
    '"Yes" (yes) of BAE5  A'
  )
  t.match(
    incoming({ typeMessage: 'locationMessage', location: { latitude: 1, longitude: 2 } }),
    `${ada}  locationMessage  A`
  )
})
