import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { readLines, type Line } from '../../lib/cli/replay/lines.ts'
import { readRecording } from '../../lib/cli/replay/recording.ts'
import { build, collect, token } from '../helpers/app.ts'
import { command, spawnProgram, start } from '../helpers/command-line.ts'
import { menuSent, status, tap } from '../helpers/fixtures/notifications.ts'
import { Receiver } from '../helpers/fixtures/receiver.ts'
import { listen } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

function record (t: Test, ...lines: string[]): string {
  const file = join(t.testdir({}), 'recorded.ndjson')
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  return file
}

const bodies = (count: number) => Array.from({ length: count }, (_, index) => JSON.stringify({ idMessage: `M${index}` }))

t.test('what is recorded is posted as it is, one at a time and in order', async (t) => {
  const receiver = await Receiver.start(t)
  const lines = ['{"a": 12345678901234567890}', '', '   ', JSON.stringify('{ "no": JSON'), '[1]', 'null', '{"text":"a\u2028b\u2029c"}', ...bodies(20)]
  const { code, stdout, stderr } = await command(t, 'replay', record(t, ...lines), '--to', receiver.url, '--token', 'secret')
  t.equal(code, 0)
  t.equal(stderr, '')
  t.strictSame(receiver.received.map(({ text }) => text), ['{"a": 12345678901234567890}', '{ "no": JSON', '[1]', 'null', '{"text":"a\u2028b\u2029c"}', ...bodies(20)])
  t.equal(receiver.crowd, 1)
  t.match(receiver.received[0]?.headers, { authorization: 'Bearer secret', 'content-type': 'application/json; charset=utf-8' })
  t.match(stdout, /^sent 25 in [\d.]+ s\n {2}answered 200 {3}25\n$/)
})

t.test('the plugin receives what another one recorded', async (t) => {
  const first = await build(t)
  const file = join(t.testdir({}), 'recorded.ndjson')
  for (const name of ['webhook', 'unrecognized'] as const) first.greenApi.on(name, ({ raw }: { raw: unknown }) => { appendFileSync(file, JSON.stringify(raw) + '\n') })
  const url = `http://127.0.0.1:${await listen(first)}/green-api`
  for (const body of [JSON.stringify(menuSent()), JSON.stringify(tap()), '{"broken', JSON.stringify(status())]) {
    await fetch(url, { method: 'POST', headers: { authorization: token }, body })
  }
  const second = await build(t)
  const events = collect(second, 'webhook')
  const strangers = collect(second, 'unrecognized')
  const { code } = await command(t, 'replay', file, '--to', `http://127.0.0.1:${await listen(second)}/green-api`, '--token', token)
  t.equal(code, 0)
  t.strictSame(events.map(({ name }) => name), ['interactiveButtons', 'buttonReply', 'outgoingMessageStatus'])
  t.match(strangers, [{ reason: 'not-json', raw: '{"broken' }])
})

t.test('what is not answered 200 is counted, explained, and exits with 1', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => [200, 401, 503, 503][index]
  const file = record(t, ...bodies(4))
  const { code, stdout, stderr } = await command(t, 'replay', file, '--to', receiver.url)
  t.equal(code, 1)
  t.match(stdout, /answered 200 {3}1\n {2}answered 401 {3}1\n {2}answered 503 {3}2/)
  t.match(stderr, /the server does not accept the token: .*webhookUrlToken/)
  t.match(stderr, /a listener failed/)
  receiver.answer = () => 200
  const gone = await command(t, 'replay', file, '--to', 'http://127.0.0.1:1/')
  t.equal(gone.code, 1)
  t.match(gone.stdout, /unreachable {4}4/)
  t.match(gone.stderr, 'nothing listens there')
  const json = await command(t, 'replay', file, '--to', 'http://127.0.0.1:1/', '--json')
  t.match(JSON.parse(json.stdout), { ok: false, file, sent: 4, answered200: 0, refused: {}, unreachable: 4, skipped: 0, problems: [/nothing listens/] })
  t.equal(json.stderr, '')
})

t.test('attempts are made until one is answered 200, and hold back what follows', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index < 2 ? 503 : 200
  const { code } = await command(t, 'replay', record(t, ...bodies(2)), '--to', receiver.url, '--attempts', '3', '--retry-delay', '0.05')
  t.equal(code, 0)
  t.strictSame(receiver.ids, ['M0', 'M0', 'M0', 'M1'])
  receiver.answer = () => 503
  const failed = await command(t, 'replay', record(t, ...bodies(1)), '--to', receiver.url, '--attempts', '2', '--retry-delay', '0', '--json')
  t.match(JSON.parse(failed.stdout), { sent: 1, refused: { 503: 1 } })
  t.equal(receiver.received.length, 6)
})

t.test('those of one instance are posted alone, if that is wanted', async (t) => {
  const receiver = await Receiver.start(t)
  const of = (idInstance: unknown, idMessage: string) => JSON.stringify({ instanceData: { idInstance }, idMessage })
  const { code, stdout } = await command(t, 'replay', record(t, of(1, 'a'), of(2, 'b'), of('1', 'c'), '"{"', '{"idMessage":"d"}'), '--to', receiver.url, '--id-instance', '1')
  t.equal(code, 0)
  t.strictSame(receiver.ids, ['a', 'c'])
  t.match(stdout, /skipped {8}3, of other instances/)
})

t.test('a rate is kept', async (t) => {
  const receiver = await Receiver.start(t)
  const began = performance.now()
  await command(t, 'replay', record(t, ...bodies(6)), '--to', receiver.url, '--rate', '20')
  t.ok(performance.now() - began >= 240, 'the sixth comes after a quarter of a second')
})

t.test('a line that is no JSON ends it, and is named', async (t) => {
  const receiver = await Receiver.start(t)
  const file = record(t, '{"idMessage":"a"}', '', '{"idMessage":', '{"idMessage":"b"}')
  const { code, stdout, stderr } = await command(t, 'replay', file, '--to', receiver.url)
  t.equal(code, 1)
  t.match(stdout, 'sent 1 in')
  t.match(stderr, `${file}, line 3 is no JSON: remove it`)
  t.strictSame(receiver.ids, ['a'])
  const json = await command(t, 'replay', file, '--to', receiver.url, '--json')
  t.equal(json.code, 1)
  t.match(JSON.parse(json.stdout), { ok: false, sent: 1, error: /line 3/ })
})

t.test('what cannot be read is wrong usage', async (t) => {
  const folder = t.testdir({})
  t.match(await command(t, 'replay', 'missing.ndjson', '--to', 'http://127.0.0.1:1'), { code: 2, stderr: /missing.ndjson cannot be read \(ENOENT/ })
  t.match(await command(t, 'replay', folder, '--to', 'http://127.0.0.1:1'), { code: 2, stderr: /is a folder/ })
})

t.test('a recording that can no longer be read ends it', async (t) => {
  const recording = readRecording('missing.ndjson')
  await t.rejects(recording.next(), { name: 'RecordingError', message: /missing.ndjson cannot be read on \(ENOENT/ })
})

t.test('an empty recording is replayed', async (t) => {
  t.match(await command(t, 'replay', record(t), '--to', 'http://127.0.0.1:1'), { code: 0, stdout: 'sent 0 in' })
})

t.test('Ctrl+C ends it, with a summary', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index === 2 ? undefined : 200
  const waiting = start(t, ['replay', record(t, ...bodies(5)), '--to', receiver.url])
  await until(() => receiver.received.length === 3)
  waiting.interrupt()
  t.match(await waiting.ended, { code: 1, stdout: /sent 2 in/, stderr: /interrupted before the end of .*recorded.ndjson/ })
  receiver.answer = () => 503
  const pausing = start(t, ['replay', record(t, ...bodies(5)), '--to', receiver.url, '--attempts', '9'])
  await until(() => receiver.received.length === 4)
  pausing.interrupt()
  t.match(await pausing.ended, { code: 1, stdout: /sent 0 in/ })
})

t.test('in a terminal there is a bar, and keys are left alone', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index === 3 ? 401 : 200
  const running = start(t, ['replay', record(t, ...bodies(10)), '--to', receiver.url, '--rate', '20'], { terminal: true })
  running.stdin.on('keypress', () => {})
  const modes: boolean[] = []
  Object.assign(running.stdin, { setRawMode (mode: boolean) { modes.push(mode) } })
  const { code, stdout, stderr } = await running.ended
  t.equal(code, 1)
  t.match(stderr, '\u2501')
  t.match(stderr, '10 sent, 1 not answered 200')
  t.match(stdout, 'sent 10 in')
  t.strictSame(modes, [false])
  t.equal(running.stdin.listenerCount('keypress'), 0)
})

t.test('a process of its own does it, and exits with what came of it', async (t) => {
  const receiver = await Receiver.start(t)
  const file = record(t, ...bodies(3))
  t.match(await spawnProgram(t, ['replay', file, '--to', receiver.url, '--json']).ended, { code: 0, stdout: /"sent":3/, stderr: '' })
  receiver.answer = () => undefined
  const { child, ended } = spawnProgram(t, ['replay', file, '--to', receiver.url])
  await until(() => receiver.received.length === 4)
  child.kill('SIGINT')
  t.match(await ended, { code: 1, stdout: /sent 0 in/, stderr: /interrupted/ })
})

t.test('lines are cut from a stream, wherever it was cut itself', async (t) => {
  const text = '\uFEFF{"a":"ä"}\r\n\n  {"b":"\u2028"}  \nlast'
  const bytes = Buffer.from(text)
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
    const lines: Line[] = []
    for await (const line of readLines(Readable.from(chunks))) lines.push(line)
    t.strictSame(lines.map((line) => [line.number, line.text]), [[1, '{"a":"ä"}'], [2, ''], [3, '{"b":"\u2028"}'], [4, 'last']])
    t.equal(lines.reduce((sum, line) => sum + line.size, 0), bytes.length)
  }
})
