import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { build, collect, token } from '../helpers/app.ts'
import { command } from '../helpers/command-line.ts'
import { menuSent, tap } from '../helpers/fixtures/notifications.ts'
import { nodeFlags } from '../helpers/node-flags.ts'
import { listen } from '../helpers/sockets.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const { NODE_V8_COVERAGE, NODE_OPTIONS, GREEN_API_WEBHOOK_TOKEN, GREEN_API_ID_INSTANCE, GREEN_API_TOKEN_INSTANCE, GREEN_API_URL, ...env } = process.env

/** An example, run as `npm start` runs the board, on a free port. */
function start (t: Test, settings: Record<string, string> = {}, name = 'server') {
  const example = spawn(process.execPath, [...nodeFlags, `examples/${name}.ts`], { cwd: root, env: { ...env, PORT: '0', HOST: '127.0.0.1', ...settings } })
  t.teardown(() => { example.kill('SIGKILL') })
  let output = ''
  example.stdout.on('data', (chunk) => { output += chunk })
  example.stderr.on('data', (chunk) => { output += chunk })
  return {
    async printed (text: string): Promise<string> {
      while (!output.includes(text)) {
        if (example.exitCode !== null) throw new Error(output)
        await Promise.race([once(example.stdout, 'data'), once(example, 'exit')])
      }
      return output
    },
    async end (): Promise<number | null> {
      example.kill('SIGTERM')
      if (example.exitCode === null) await once(example, 'exit')
      return example.exitCode
    }
  }
}

t.test('npm start opens the board', async (t) => {
  const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  t.equal(scripts.start, 'node --import ./test/helpers/from-source.js examples/board/main.ts')
  const example = start(t, {}, 'board/main')
  const [url] = /http:[^ ]+/.exec(await example.printed('end with Ctrl+C')) ?? []
  if (url === undefined) throw new Error('it does not say where it listens')
  t.match(await (await fetch(url)).text(), 'Order confirmations over WhatsApp')
  t.equal(await example.end(), 0, 'and ends when told to')
})

t.test('the board says what is missing of an account', async (t) => {
  const example = start(t, { GREEN_API_ID_INSTANCE: '1101000001' }, 'board/main')
  await t.rejects(example.printed('the board is on'), /GREEN_API_TOKEN_INSTANCE is not: set both/)
  t.equal(await example.end(), 1)
})

t.test('with no setting it posts to itself and prints what it receives', async (t) => {
  const example = start(t)
  const output = await example.printed('waiting for more')
  for (const text of ['Header | Body | Footer', '[Copy me] copies 3333', '[Call me] calls 79329843267', '[Green-api] opens https://green-api.com', '[Second Button] answers 2', ', sent', ', delivered', '"Second Button" (button 2) of menu BAE57AF3BBAFE9D4']) {
    t.match(output, text)
  }
  t.equal(output.match(/answered 200/g)?.length, 3)
  t.equal(await example.end(), 0, 'and ends when told to')
})

t.test('with a token set it waits for real notifications', async (t) => {
  const example = start(t, { GREEN_API_WEBHOOK_TOKEN: 'real' })
  const output = await example.printed('listening on')
  const [url] = /http:\S+green-api/.exec(output) ?? []
  if (url === undefined) throw new Error(output)
  const post = (token: string) => fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(tap()) })
  t.equal((await post('wrong')).status, 401)
  t.equal((await post('real')).status, 200)
  await example.printed('"Confirm" (button yes)')
  t.notMatch(output, 'here are three notifications')
  t.match(await (await fetch(new URL('/', url))).json(), { service: 'orders' }, "the server's own route")
  t.equal(await example.end(), 0)
})

t.test('answers find their menu, and the last one counts', async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeFlags, 'examples/answers.ts'], { cwd: root, env })
  t.strictSame(stdout.split('\n').filter((line) => !line.includes('answered 200')), [
    'Customer answered "When shall we come?" with "Today"',
    'Customer answered "When shall we come?" with "Tomorrow"',
    'Customer tapped "Second Button" of BAE57AF3BBAFE9D4, which nobody remembers',
    'answers to BAE5A0FE4711C0DE: {"79581004388@c.us":"tomorrow"}',
    ''
  ])
})

t.test('what the recorder records is replayed', async (t) => {
  const file = `${t.testdir({})}/recorded.ndjson`
  const recorder = start(t, { GREEN_API_WEBHOOK_TOKEN: token, RECORDING: file }, 'recorder')
  const [url] = /http:\S+green-api/.exec(await recorder.printed('recording to')) ?? []
  if (url === undefined) throw new Error('it does not say where it listens')
  const sent = [JSON.stringify(menuSent()), '{"typeWebhook":', JSON.stringify({ typeWebhook: 'somethingNew' }), 'x'.repeat(5 * 1024 * 1024), JSON.stringify(tap())]
  for (const body of sent) {
    const { status } = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body })
    t.equal(status, 200)
  }
  t.equal(await recorder.end(), 0)

  const app = await build(t)
  const events = collect(app, 'webhook')
  const strangers = collect(app, 'unrecognized')
  const { code, stdout } = await command(t, 'replay', file, '--to', `http://127.0.0.1:${await listen(app)}/green-api`, '--token', token)
  t.equal(code, 0)
  t.match(stdout, 'sent 4 in', 'all but what was too large')
  t.strictSame(events.map(({ raw }) => JSON.stringify(raw)), [sent[0], sent[4]])
  t.strictSame(strangers.map(({ reason }) => reason), ['not-json', 'unknown-type'])
})

t.test('what is posted is counted at /metrics', async (t) => {
  const example = start(t, {}, 'metrics')
  const output = await example.printed('waiting for more')
  t.match(output, 'green_api_outcomes_total{name="buttonReply",outcome="delivered"} 1')
  const [url = ''] = /http:\S+\/metrics/.exec(output) ?? []
  const response = await fetch(url)
  t.match(response.headers.get('content-type'), 'text/plain; version=0.0.4')
  const metrics = await response.text()
  for (const name of ['green_api_receive_lag_seconds_count{source="route"} 3', 'process_cpu_seconds_total']) t.match(metrics, name)
  t.equal(await example.end(), 0)
})

t.test('what listeners do is a span below that of its notification', async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeFlags, 'examples/opentelemetry.ts'], { cwd: root, env })
  const [, parent = 'none'] = /spanId: '(\w+)'.*?name: 'look up the order'/s.exec(stdout) ?? []
  t.match(stdout, new RegExp(`name: 'process buttonReply',\\s+id: '${parent}'`))
})
