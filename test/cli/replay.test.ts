import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
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

const bodies = (count: number) => {
  return Array.from({ length: count }, (_, index) => JSON.stringify({ idMessage: `M${index}` }))
}

t.test('replay posts the lines unchanged, one at a time and in order', async (t) => {
  const receiver = await Receiver.start(t)
  const separators = '{"text":"a\u2028b\u2029c"}'
  const lines = [
    '{"a": 12345678901234567890}', '', '   ', JSON.stringify('{ "no": JSON'), '[1]', 'null', separators, ...bodies(20)
  ]
  const file = record(t, ...lines)

  const { code, stdout, stderr } = await command(t, 'replay', file, '--to', receiver.url, '--webhook-token', 'secret')

  t.equal(code, 0)
  t.equal(stderr, '')
  t.strictSame(receiver.received.map(({ text }) => text), [
    '{"a": 12345678901234567890}', '{ "no": JSON', '[1]', 'null', separators, ...bodies(20)
  ])
  t.equal(receiver.maxConcurrency, 1)
  t.match(receiver.received[0]?.headers, {
    authorization: 'Bearer secret',
    'content-type': 'application/json; charset=utf-8'
  })
  t.match(stdout, /^sent 25 in [\d.]+ s\n {2}answered 200 {3}25\n$/)
})

t.test('the plugin receives the notifications that another server recorded', async (t) => {
  const first = await build(t)
  const file = join(t.testdir({}), 'recorded.ndjson')
  for (const name of ['webhook', 'unrecognized'] as const) {
    first.greenApi.on(name, ({ raw }: { raw: unknown }) => { appendFileSync(file, JSON.stringify(raw) + '\n') })
  }
  const url = `http://127.0.0.1:${await listen(first)}/green-api`
  for (const body of [JSON.stringify(menuSent()), JSON.stringify(tap()), '{"broken', JSON.stringify(status())]) {
    await fetch(url, { method: 'POST', headers: { authorization: token }, body })
  }
  const second = await build(t)
  const events = collect(second, 'webhook')
  const unrecognized = collect(second, 'unrecognized')
  const secondUrl = `http://127.0.0.1:${await listen(second)}/green-api`
  const { code } = await command(t, 'replay', file, '--to', secondUrl, '--webhook-token', token)
  t.equal(code, 0)
  t.strictSame(events.map(({ name }) => name), ['interactiveButtons', 'buttonReply', 'outgoingMessageStatus'])
  t.match(unrecognized, [{ reason: 'not-json', raw: '{"broken' }])
})

t.test('replay counts and explains answers other than 200, and exits with 1', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => [200, 401, 503, 503][index]
  const file = record(t, ...bodies(4))
  const { code, stdout, stderr } = await command(t, 'replay', file, '--to', receiver.url)
  t.equal(code, 1)
  t.match(stdout, /answered 200 {3}1\n {2}answered 401 {3}1\n {2}answered 503 {3}2/)
  t.match(stderr, /the server rejects the token\. Fix: .*webhookUrlToken/)
  t.match(stderr, /a listener failed/)
  receiver.answer = () => 200
  const gone = await command(t, 'replay', file, '--to', 'http://127.0.0.1:1/')
  t.equal(gone.code, 1)
  t.match(gone.stdout, /unreachable {4}4/)
  t.match(gone.stderr, 'nothing listens at this address')
  const json = await command(t, 'replay', file, '--to', 'http://127.0.0.1:1/', '--json')
  t.match(JSON.parse(json.stdout), {
    ok: false,
    file,
    sent: 4,
    answered200: 0,
    refused: {},
    unreachable: 4,
    skipped: 0,
    problems: [/nothing listens/]
  })
  t.equal(json.stderr, '')
})

t.test('replay retries until a 200 before it sends the next notification', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index < 2 ? 503 : 200
  const retries = ['--attempts', '3', '--retry-delay', '0.05']
  const { code } = await command(t, 'replay', record(t, ...bodies(2)), '--to', receiver.url, ...retries)
  t.equal(code, 0)
  t.strictSame(receiver.ids, ['M0', 'M0', 'M0', 'M1'])
  receiver.answer = () => 503
  const file = record(t, ...bodies(1))
  const twice = ['--attempts', '2', '--retry-delay', '0']
  const failed = await command(t, 'replay', file, '--to', receiver.url, ...twice, '--json')
  t.match(JSON.parse(failed.stdout), { sent: 1, refused: { 503: 1 } })
  t.equal(receiver.received.length, 6)
})

t.test('replay --id-instance posts only the notifications of that instance', async (t) => {
  const receiver = await Receiver.start(t)
  const of = (idInstance: unknown, idMessage: string) => JSON.stringify({ instanceData: { idInstance }, idMessage })
  const file = record(t, of(1, 'a'), of(2, 'b'), of('1', 'c'), '"{"', '{"idMessage":"d"}')
  const { code, stdout } = await command(t, 'replay', file, '--to', receiver.url, '--id-instance', '1')
  t.equal(code, 0)
  t.strictSame(receiver.ids, ['a', 'c'])
  t.match(stdout, /skipped {8}3 \(other instances\)/)
})

t.test('replay --rate limits the notifications per second', async (t) => {
  const receiver = await Receiver.start(t)
  const began = performance.now()
  await command(t, 'replay', record(t, ...bodies(6)), '--to', receiver.url, '--rate', '20')
  t.ok(performance.now() - began >= 240, 'the sixth notification follows after a quarter of a second')
})

t.test('replay --rate does not catch up with a burst after a slow answer', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index === 0 ? undefined : 200
  const { ended } = start(t, ['replay', record(t, ...bodies(5)), '--to', receiver.url, '--rate', '20'])
  await until(() => receiver.received.length === 1)
  await sleep(250)
  const released = performance.now()

  receiver.release(200)
  await ended

  // At 20 per second the last two of four notifications wait 50 ms each.
  t.ok(performance.now() - released >= 95)
})

t.test('replay stops at a line that is not JSON, and names it', async (t) => {
  const receiver = await Receiver.start(t)
  const file = record(t, '{"idMessage":"a"}', '', '{"idMessage":', '{"idMessage":"b"}')
  const { code, stdout, stderr } = await command(t, 'replay', file, '--to', receiver.url)
  t.equal(code, 1)
  t.match(stdout, 'sent 1 in')
  t.match(stderr, `${file}, line 3: not valid JSON. Fix or remove the line.`)
  t.strictSame(receiver.ids, ['a'])
  const json = await command(t, 'replay', file, '--to', receiver.url, '--json')
  t.equal(json.code, 1)
  t.match(JSON.parse(json.stdout), { ok: false, sent: 1, error: /line 3/ })
})

t.test('replay reports a usage error when the file cannot be read', async (t) => {
  const folder = t.testdir({})
  const to = ['--to', 'http://127.0.0.1:1']

  const missing = await command(t, 'replay', 'missing.ndjson', ...to)
  const isFolder = await command(t, 'replay', folder, ...to)

  t.match(missing, { code: 2, stderr: /Cannot read missing.ndjson \(ENOENT/ })
  t.match(isFolder, { code: 2, stderr: /is a folder/ })
})

t.test('readRecording throws a RecordingError when the file can no longer be read', async (t) => {
  const recording = readRecording('missing.ndjson')
  await t.rejects(recording.next(), { name: 'RecordingError', message: /cannot read missing.ndjson \(ENOENT/ })
})

t.test('replay exits with 0 when the recording is empty', async (t) => {
  t.match(await command(t, 'replay', record(t), '--to', 'http://127.0.0.1:1'), { code: 0, stdout: 'sent 0 in' })
})

t.test('replay prints a summary when it is interrupted', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index === 2 ? undefined : 200
  const waiting = start(t, ['replay', record(t, ...bodies(5)), '--to', receiver.url])
  await until(() => receiver.received.length === 3)
  waiting.interrupt()
  t.match(await waiting.ended, {
    code: 1,
    stdout: /sent 2 in/,
    stderr: /interrupted before the end of .*recorded.ndjson/
  })
  receiver.answer = () => 503
  const pausing = start(t, ['replay', record(t, ...bodies(5)), '--to', receiver.url, '--attempts', '9'])
  await until(() => receiver.received.length === 4)
  pausing.interrupt()
  t.match(await pausing.ended, { code: 1, stdout: /sent 0 in/ })
})

t.test('replay shows a progress bar in a terminal, and does not read keys', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index === 3 ? 401 : 200
  const args = ['replay', record(t, ...bodies(10)), '--to', receiver.url, '--rate', '20']
  const running = start(t, args, { terminal: true })
  const modes: boolean[] = []
  Object.assign(running.stdin, { setRawMode (mode: boolean) { modes.push(mode) } })
  const { code, stdout, stderr } = await running.ended
  t.equal(code, 1)
  t.match(stderr, '\u2501')
  t.match(stderr, '10 sent, 1 not answered 200')
  t.match(stdout, 'sent 10 in')
  t.strictSame(modes, [])
  t.equal(running.stdin.listenerCount('data'), 0)
})

t.test('the executable replays a recording, and exits with 1 when it is interrupted', async (t) => {
  const receiver = await Receiver.start(t)
  const file = record(t, ...bodies(3))
  const whole = await spawnProgram(t, ['replay', file, '--to', receiver.url, '--json']).ended
  t.match(whole, { code: 0, stdout: /"sent":3/, stderr: '' })
  receiver.answer = () => undefined
  const { child, ended } = spawnProgram(t, ['replay', file, '--to', receiver.url])
  await until(() => receiver.received.length === 4)
  child.kill('SIGINT')
  t.match(await ended, { code: 1, stdout: /sent 0 in/, stderr: /interrupted/ })
})

t.test('readLines yields the same lines however the stream is split into chunks', async (t) => {
  const text = '\uFEFF{"a":"ä"}\r\n\n  {"b":"\u2028"}  \nlast'
  const bytes = Buffer.from(text)
  for (let size = 1; size <= bytes.length; size++) {
    const count = Math.ceil(bytes.length / size)
    const chunks = Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
    const lines: Line[] = []
    for await (const line of readLines(Readable.from(chunks))) lines.push(line)
    t.strictSame(lines.map((line) => [line.number, line.text]), [
      [1, '{"a":"ä"}'],
      [2, ''],
      [3, '{"b":"\u2028"}'],
      [4, 'last']
    ])
    t.equal(lines.reduce((sum, line) => sum + line.size, 0), bytes.length)
  }
})
