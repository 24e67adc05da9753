import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compile, install, writeWrongProgram } from '../helpers/consumer.ts'
import { deadLinks, documents, snippets } from '../helpers/documents.ts'
import { eventsPage, readPage } from '../helpers/events-page.ts'
import { tap } from '../helpers/fixtures/notifications.ts'
import { until } from '../helpers/until.ts'

// Compilers are slow, and machines busy.
t.setTimeout(600_000)

t.test('docs/events.md says of every notification what the map says', async (t) => {
  t.equal(readPage(), eventsPage(), 'npm run docs:events writes what should stand there')
})

t.test('every link within README and docs leads somewhere', async (t) => {
  for (const document of documents()) t.strictSame(deadLinks(document), [], document)
})

t.test('what README and docs show compiles in a strict project that checks its libraries, and what is wrong does not', async (t) => {
  const { project } = await install(t, 'tsgo')
  const shown = documents().flatMap(snippets)
  t.ok(shown.length > 1, 'there is code')
  for (const { name, code } of shown) writeFileSync(join(project, `${name}.ts`), code)
  writeWrongProgram(project)
  compile(project, '*.ts', 'nodenext', 'tsgo')

  await t.test("and the README's first program runs", async (t) => {
    const program = join(project, 'out', `${shown[0]?.name}.js`)
    // Another test may listen at the port that it shows.
    const code = readFileSync(program, 'utf8')
    t.match(code, '{ port: 3000 }')
    writeFileSync(program, code.replace('{ port: 3000 }', '{ port: 0 }'))
    const server = spawn(process.execPath, [program], { cwd: project, env: { ...process.env, NODE_V8_COVERAGE: '', NODE_OPTIONS: '', GREEN_API_WEBHOOK_TOKEN: 'secret' } })
    t.teardown(() => { server.kill() })
    let log = ''
    server.stdout.on('data', (chunk) => { log += chunk })
    await until(() => log.includes('Server listening'))
    const [url] = /http:[^"]+/.exec(log) ?? []
    const { status } = await fetch(`${url}/green-api`, { method: 'POST', headers: { authorization: 'Bearer secret' }, body: JSON.stringify(tap()) })
    t.equal(status, 200)
    await until(() => log.includes(' tapped yes of menu '))
  })
})
