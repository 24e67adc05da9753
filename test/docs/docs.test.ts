import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compile, install, writeWrongProgram } from '../helpers/consumer.ts'
import { deadLinks, documents, snippets, type Snippet } from '../helpers/documents.ts'
import { emulate } from '../helpers/emulated.ts'
import { eventsPage, readPage } from '../helpers/events-page.ts'
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
  const { project } = await install(t)
  const shown = documents().flatMap(snippets)
  t.ok(shown.length > 1, 'there is code')
  for (const { name, code } of shown) writeFileSync(join(project, `${name}.ts`), code)
  writeWrongProgram(project)
  compile(project, '*.ts', 'nodenext', 'tsgo')

  await t.test("the README's first program answers a customer, and not itself", async (t) => {
    const { customer, idle } = await startBot(t, project, shown[0])
    customer.receive(customer.build.textMessage({ text: 'Hello' }))
    customer.receive(customer.build.textMessage({ text: 'Hello' }, { chatId: '120363000000000042@g.us' }))
    customer.receive(customer.build.textMessage({ text: 'Hello' }, { sentBy: 'phone' }))
    await idle()
    const answers = customer.messages('outgoing').filter((message) => Object(message).sendByApi === true)
    t.match(answers, [{ textMessage: 'You said: Hello', chatId: '4915550001234@c.us' }])
    t.equal(answers.length, 1)
  })

  await t.test("the README's second program understands the tap on its menu", async (t) => {
    const { customer, idle } = await startBot(t, project, shown[1])
    customer.receive(customer.build.textMessage({ text: 'Hello' }))
    await idle()
    const [menu] = customer.messages('outgoing')
    customer.tap(String(menu?.idMessage), 'confirm:yes:4711')
    await idle()
    t.match(customer.messages('outgoing'), [
      { textMessage: 'Thank you! We ship order 4711.' }, { typeMessage: 'interactiveButtons' }
    ])
  })
})

/** Starts a program of the README with an emulator as GREEN-API. */
async function startBot (t: Test, project: string, snippet: Snippet | undefined) {
  const emulator = await emulate(t)
  const customer = emulator.instance()
  const program = join(project, 'out', `${snippet?.name}.js`)
  // Another test may use the port of the example.
  const code = readFileSync(program, 'utf8')
  t.match(code, '{ port: 3000 }')
  writeFileSync(program, code.replace('{ port: 3000 }', '{ port: 0 }'))
  const env = {
    ...process.env,
    NODE_V8_COVERAGE: '',
    NODE_OPTIONS: '',
    GREEN_API_WEBHOOK_TOKEN: 'secret',
    GREEN_API_URL: emulator.apiUrl,
    GREEN_API_ID_INSTANCE: customer.idInstance,
    GREEN_API_TOKEN_INSTANCE: customer.apiTokenInstance
  }
  const server = spawn(process.execPath, [program], { cwd: project, env })
  t.teardown(() => { server.kill() })
  let log = ''
  server.stdout.on('data', (chunk) => { log += chunk })
  await until(() => log.includes('Server listening'))
  const [url] = /http:[^"]+/.exec(log) ?? []
  customer.applySettings({ webhookUrl: `${url}/green-api`, webhookUrlToken: 'secret' })
  return { customer, idle: () => emulator.idle() }
}
