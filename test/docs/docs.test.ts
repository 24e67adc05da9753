import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { notifications, type EventName } from 'fastify-green-api'
import { compile, install, root, writeWrongProgram } from '../helpers/consumer.ts'
import { deadLinks } from '../../docs/.vitepress/links.ts'
import { documents, snippets, type Snippet } from '../helpers/documents.ts'
import { emulate } from '../helpers/emulated.ts'
import { eventPages, readEventPages } from '../helpers/event-pages.ts'
import { until } from '../helpers/until.ts'

// The compiler takes minutes on a busy machine.
t.setTimeout(600_000)

const skill = snippets('SKILL.md')

t.test('docs/events describes every notification of the map', async (t) => {
  t.strictSame(readEventPages(), eventPages(), 'npm run docs:events generates the current pages')
})

t.test('every link to a file of the repository has a target', async (t) => {
  for (const document of documents()) t.strictSame(deadLinks(document), [], document)
})

t.test('the code of README and docs compiles in a strict project, and wrong code does not', async (t) => {
  const { project } = await install(t)
  const shown = documents().flatMap(snippets)
  t.ok(shown.length > 1, 'there is code')
  for (const { name, code } of shown) writeFileSync(join(project, `${name}.ts`), code)
  writeWrongProgram(project)
  compile(project, '*.ts', 'nodenext', 'tsgo')

  for (const document of ['README.md', 'docs/getting-started.md']) {
    const [first, second] = snippets(document)

    await t.test(`the first program of ${document} answers a customer, and not itself`, async (t) => {
      const { customer, idle } = await startBot(t, project, first)
      customer.receive(customer.build.textMessage({ text: 'Hello' }))
      customer.receive(customer.build.textMessage({ text: 'Hello' }, { chatId: '120363000000000042@g.us' }))
      customer.receive(customer.build.textMessage({ text: 'Hello' }, { sentBy: 'phone' }))
      await idle()
      const answers = customer.messages('outgoing').filter((message) => Object(message).sendByApi === true)
      t.match(answers, [{ textMessage: 'You said: Hello', chatId: '4915550001234@c.us' }])
      t.equal(answers.length, 1)
    })

    await t.test(`the second program of ${document} understands the tap on its menu`, async (t) => {
      const { customer, idle } = await startBot(t, project, second)
      customer.receive(customer.build.textMessage({ text: 'Hello' }))
      await idle()
      const [menu] = customer.messages('outgoing')
      customer.tap(String(menu?.idMessage), 'confirm:yes:4711')
      await idle()
      t.match(customer.messages('outgoing'), [
        { textMessage: 'Thank you! We ship order 4711.' }, { typeMessage: 'interactiveButtons' }
      ])
    })
  }

  await t.test('the first program of SKILL.md answers texts, sends a menu and understands the tap on it', async (t) => {
    const { customer, idle } = await startBot(t, project, skill[0])
    customer.receive(customer.build.textMessage({ text: 'Hello' }))
    customer.receive(customer.build.textMessage({ text: 'order' }))
    await idle()
    const [menu] = customer.messages('outgoing')
    customer.tap(String(menu?.idMessage), 'confirm:yes:4711')
    await idle()
    t.match(customer.messages('outgoing'), [
      { textMessage: 'We ship order 4711.' }, { typeMessage: 'interactiveButtons' }, { textMessage: 'You said: Hello' }
    ])
  })
})

t.test('every program of SKILL.md is run', async (t) => {
  t.ok(skill.length > 1)
  t.strictSame(skill.filter(({ runs }) => !runs).map(({ name }) => name), [skill[0]?.name])
})

t.test('SKILL.md names only members of data that exist', async (t) => {
  const rows = [...readFileSync(join(root, 'SKILL.md'), 'utf8').matchAll(/^\| (`\w+Message.*|`\w+`) \| (.*) \|$/gm)]
  t.ok(rows.length > 10)
  for (const [, events = '', members = ''] of rows) {
    for (const name of words(events)) {
      const known = Object.keys(notifications[name as EventName].data.properties)
      t.strictSame(words(members.replaceAll(/\(.*?\)/g, '')).filter((member) => !known.includes(member)), [], name)
    }
  }
})

function words (cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, word = '']) => word)
}

/** Starts a bot of the documentation with an emulator as GREEN-API. */
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
