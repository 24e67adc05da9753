import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { install, run } from '../../helpers/consumer.ts'

t.setTimeout(600_000)

const uses: Array<[packages: string[], code: string, advice: string]> = [
  [['bullmq'], inbox('bullmq', "{ connection: 'redis://h' }"), 'bullmq is not installed. Run: npm install bullmq ioredis'],
  [['ioredis'], inbox('bullmq', "{ connection: 'redis://h' }"), 'ioredis is not installed. Run: npm install bullmq ioredis'],
  [
    ['prom-client'],
    `import { collectMetrics } from 'fastify-green-api/metrics'
    await app.register(greenApi, { token: 's' })
    collectMetrics(app)`,
    'prom-client is not installed. Run: npm install prom-client'
  ],
  [
    ['selfsigned'],
    `import { Emulator } from 'fastify-green-api/emulator'
    await new Emulator().certificate()`,
    'selfsigned is not installed. Run: npm install --save-dev selfsigned'
  ]
]

function inbox (store: string, options: string): string {
  return `import { ${store}Inbox } from 'fastify-green-api/inbox/${store}'
  await app.register(greenApi, { token: 's', inbox: ${store}Inbox(${options}) })`
}

t.test('a missing package ends in the command that installs it', async (t) => {
  const installed = await install(t)
  for (const [packages, code, advice] of uses) {
    // Elsewhere, because Node would find the packages of this repository.
    const project = mkdtempSync(join(tmpdir(), 'missing-peers-'))
    t.teardown(() => { rmSync(project, { recursive: true }) })
    cpSync(installed.project, project, { recursive: true, verbatimSymlinks: true })
    for (const name of packages) rmSync(join(project, 'node_modules', name), { recursive: true })
    writeFileSync(join(project, 'main.js'), `import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
const app = Fastify()
${code}`)
    const error = t.throws(() => run(process.execPath, ['main.js'], project))
    t.match(error, { message: new RegExp(`Error: The package ${advice}$`, 'm') }, packages.join())
  }
})
