import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compile, install, writeWrongProgram } from '../helpers/consumer.ts'
import { deadLinks, documents, snippets } from '../helpers/documents.ts'
import { eventsPage, readPage } from '../helpers/events-page.ts'
import { tap } from '../helpers/fixtures/notifications.ts'
import { until } from '../helpers/until.ts'

// The compiler takes minutes on a busy machine.
t.setTimeout(600_000)

t.test('docs/events.md describes every notification of the map', async (t) => {
  t.equal(readPage(), eventsPage(), 'npm run docs:events generates the current page')
})

t.test('every relative link in README and docs has a target', async (t) => {
  for (const document of documents()) t.strictSame(deadLinks(document), [], document)
})

t.test('the code of README and docs compiles in a strict project, and wrong code does not', async (t) => {
  const { project } = await install(t, 'tsgo')
  const shown = documents().flatMap(snippets)
  t.ok(shown.length > 1, 'there is code')
  for (const { name, code } of shown) writeFileSync(join(project, `${name}.ts`), code)
  writeWrongProgram(project)
  compile(project, '*.ts', 'nodenext', 'tsgo')

  await t.test("the README's first program runs", async (t) => {
    const program = join(project, 'out', `${shown[0]?.name}.js`)
    // Another test may use the port of the example.
    const code = readFileSync(program, 'utf8')
    t.match(code, '{ port: 3000 }')
    writeFileSync(program, code.replace('{ port: 3000 }', '{ port: 0 }'))
    const env = { ...process.env, NODE_V8_COVERAGE: '', NODE_OPTIONS: '', GREEN_API_WEBHOOK_TOKEN: 'secret' }
    const server = spawn(process.execPath, [program], { cwd: project, env })
    t.teardown(() => { server.kill() })
    let log = ''
    server.stdout.on('data', (chunk) => { log += chunk })
    await until(() => log.includes('Server listening'))
    const [url] = /http:[^"]+/.exec(log) ?? []
    const { status } = await fetch(`${url}/green-api`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret' },
      body: JSON.stringify(tap())
    })
    t.equal(status, 200)
    await until(() => log.includes(' tapped yes of menu '))
  })
})
