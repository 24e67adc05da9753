import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as builders from 'fastify-green-api/testing'
import t from 'tap'
import { writeHandler } from '../../../lib/dev/handler-code.ts'
import { recognize } from '../../../lib/recognition/index.ts'
import { notifications } from '../../../lib/schemas/index.ts'
import { root, runCompiler } from '../../helpers/consumer.ts'

t.setTimeout(600_000)

t.test('the code of a listener for each kind of event compiles', async (t) => {
  const { createBuilders } = builders
  const listeners = Object.values(createBuilders()).map((build) => {
    return writeHandler({ ...recognize(JSON.stringify(build())).event })
  })
  t.equal(listeners.length, Object.keys(notifications).length)
  const folder = mkdtempSync(join(root, 'test', 'handler-code-'))
  t.teardown(() => { rmSync(folder, { recursive: true }) })
  writeFileSync(join(folder, 'listeners.ts'), [
    "import Fastify from 'fastify'",
    "import greenApi from 'fastify-green-api'",
    'const app = Fastify()',
    'await app.register(greenApi, { token: false })',
    ...listeners,
    writeHandler({ ...recognize('{').event })
  ].join('\n'))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    extends: '../../tsconfig.json', compilerOptions: { rootDir: '../..' }, include: ['listeners.ts']
  }))
  runCompiler('tsgo', folder, root)
})

t.test('the code names the members of data', async (t) => {
  const { buttonReply, textMessage, stateInstanceChanged } = builders
  const code = (body: object) => writeHandler({ ...recognize(JSON.stringify(body)).event })
  t.equal(code(textMessage({ text: 'Hello' })), [
    "app.greenApi.on('textMessage', async ({ chatId, data }) => {",
    '  const { text } = data',
    "  app.log.info({ chatId, text }, 'textMessage')",
    '})'
  ].join('\n'))
  t.match(code(buttonReply()), "app.greenApi.on('buttonReply', async ({ chatId, data }) => {")
  t.match(code(stateInstanceChanged()), 'const { stateInstance } = data')
})
