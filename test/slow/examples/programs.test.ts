import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { build, collect, token } from '../../helpers/app.ts'
import { command } from '../../helpers/command-line.ts'
import { env, root, startExample } from '../../helpers/example.ts'
import { menuSent, tap } from '../../helpers/fixtures/notifications.ts'
import { nodeFlags } from '../../helpers/node-flags.ts'
import { listen } from '../../helpers/sockets.ts'

t.test('with a token set it waits for real notifications', async (t) => {
  const example = startExample(t, { GREEN_API_WEBHOOK_TOKEN: 'real' })
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
  const recorder = startExample(t, { GREEN_API_WEBHOOK_TOKEN: token, RECORDING: file }, 'recorder')
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
  const { code, stdout } = await command(t, 'replay', file, '--to', `http://127.0.0.1:${await listen(app)}/green-api`, '--webhook-token', token)
  t.equal(code, 0)
  t.match(stdout, 'sent 4 in', 'all but what was too large')
  t.strictSame(events.map(({ raw }) => JSON.stringify(raw)), [sent[0], sent[4]])
  t.strictSame(strangers.map(({ reason }) => reason), ['not-json', 'unknown-type'])
})

t.test('what is posted is counted at /metrics', async (t) => {
  const example = startExample(t, {}, 'metrics')
  const output = await example.printed('waiting for more')
  t.match(output, 'green_api_outcomes_total{name="buttonReply",outcome="delivered",direction="incoming"} 1')
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
