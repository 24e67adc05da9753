import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t, { type Test } from 'tap'
import { addSequentially, entry } from '../../lib/inbox/conformance/fixtures.ts'
import { RecordingHandler } from '../../lib/inbox/conformance/recording-handler.ts'
import { command } from '../helpers/command-line.ts'
import { execute } from '../helpers/sqlite.ts'
import { until } from '../helpers/until.ts'

/** Creates an inbox with two pending entries and two dead letters. */
async function create (t: Test) {
  const path = join(t.testdir({}), 'inbox.db')
  const inbox = sqliteInbox({ path })
  const handler = new RecordingHandler(1, () => { throw new Error('down\u001b[31m') }, () => {})
  await inbox.open(handler)
  inbox.start()
  await addSequentially(inbox, entry('ada-1'), entry('bob-1'))
  await until(() => handler.deadLetterCalls.length === 2)
  await inbox.close(1000)
  const next = sqliteInbox({ path })
  await next.open(handler)
  await addSequentially(next, entry('cem-1'), entry('cem-2'))
  await next.close(1000)
  return { path, run: (...args: string[]) => command(t, 'inbox', path, ...args) }
}

t.test('inbox shows pending notifications and dead letters', async (t) => {
  const { run } = await create(t)
  const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
  for (const args of [['list'], []]) {
    t.match(await run(...args), {
      code: 0,
      stderr: '',
      stdout: new RegExp([
        `^${time}  cem-1  interactiveButtons  0 failed attempts\n`,
        `${time}  cem-2  interactiveButtons  0 failed attempts\n`,
        '2 of 2 pending notifications\n$'
      ].join(''))
    })
  }
  const failed = await run('failed', '--limit', '1')
  const line = `^${time}  ada-1  interactiveButtons  1 attempts  down \\[31m\n1 of 2 dead letters\n$`
  t.match(failed.stdout, new RegExp(line))
  const { entries, ...rest } = JSON.parse((await run('list', '--json')).stdout)
  t.match(rest, { ok: true, count: 2 })
  t.match(entries, [{ key: 'cem-1', body: '{"idMessage":"cem-1"}' }, { key: 'cem-2' }])
  const dead = JSON.parse((await run('failed', '--json')).stdout)
  t.match(dead, { count: 2, entries: [{ key: 'ada-1', attempts: 1 }, {}] })
})

t.test('inbox retries and discards dead letters', async (t) => {
  const { path, run } = await create(t)
  t.strictSame(await run('retry', 'ada-1'), { code: 0, stdout: '1 dead letter retried\n', stderr: '' })
  t.strictSame(await run('discard', 'bob-1'), { code: 0, stdout: '1 dead letter discarded\n', stderr: '' })
  for (const action of ['retry', 'discard']) {
    const { code, stderr } = await run(action, 'ada-1')
    t.strictSame([code, stderr], [1, 'There is no dead letter with the key ada-1\n'], action)
  }

  const inbox = sqliteInbox({ path })
  t.teardown(() => inbox.close(0))
  const handler = new RecordingHandler(1, () => {}, () => {})
  await inbox.open(handler)
  inbox.start()
  await until(() => handler.delivered.length === 3)
  t.strictSame(handler.delivered.map(({ key }) => key).sort(), ['ada-1', 'cem-1', 'cem-2'])
})

t.test('inbox checks the file and the notifications', async (t) => {
  const { path, run } = await create(t)
  const sound = 'The inbox is sound: 2 pending notifications, 2 dead letters\n'
  t.strictSame(await run('check'), { code: 0, stdout: sound, stderr: '' })
  execute(path, "UPDATE entry SET body = 'x' WHERE key = 'cem-2'")
  t.strictSame(await run('check'), { code: 1, stdout: '', stderr: 'damaged: cem-2\n' })
  t.match(JSON.parse((await run('check', '--json')).stdout), { ok: false, damaged: ['cem-2'] })
  writeFileSync(path, 'Dear diary\n'.repeat(100))
  t.match(await run('check'), { code: 1, stderr: /^error: The inbox at .* is damaged/ })
})

t.test('inbox reports a wrong path, a running server and wrong arguments', async (t) => {
  const { path, run } = await create(t)
  const missing = join(path, '..', 'none.db')
  t.match(await command(t, 'inbox', missing), { code: 1, stderr: /^error: There is no inbox at .*none\.db/ })
  t.notOk(existsSync(missing))
  t.match(await run('mend'), { code: 2, stderr: /Allowed choices are list, failed, retry, discard, check/ })
  t.match(await run('retry'), { code: 2, stderr: /retry needs a key/ })
  t.match(await run('list', 'ada-1'), { code: 2, stderr: /list takes no key/ })

  const inbox = sqliteInbox({ path })
  t.teardown(() => inbox.close(0))
  await inbox.open(new RecordingHandler(1, () => {}, () => {}))
  t.match(await run('list'), { code: 1, stderr: /is in use/ })
  t.match(JSON.parse((await run('list', '--json')).stdout), { ok: false, error: /is in use/ })
})
