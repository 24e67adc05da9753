import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import t from 'tap'
import { command, start } from '../helpers/command-line.ts'
import { freePort } from '../helpers/free-port.ts'

t.test('dev prints where the page is, and ends when it is interrupted', async (t) => {
  const dev = start(t, ['dev'])
  const output = await dev.printed('Ready: http://127.0.0.1:')
  const [url = ''] = /http:\S+/.exec(output) ?? []
  t.match(await (await fetch(url)).text(), '<title>fastify-green-api dev</title>')
  dev.interrupt()
  t.match(await dev.ended, { code: 0, stderr: '' })
})

t.test('dev says when the server is not up, and when it is', async (t) => {
  const port = await freePort()
  const to = `http://127.0.0.1:${port}/green-api`
  const dev = start(t, ['dev', '--to', to, '--token', 'secret'])
  await dev.printed(`Your server is not up: ${to}. Retrying every second.`)
  const app = Fastify()
  await app.register(greenApi, { token: 'secret' })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port })
  await dev.printed(`Your server is up: ${to}`)
  t.equal(dev.stdout().match(/not up/g)?.length, 1, 'once')
  dev.interrupt()
  t.match(await dev.ended, { code: 0 })
})

t.test('dev names a port that is in use', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const { code, stderr } = await command(t, 'dev', '--port', port)
  t.equal(code, 1)
  t.match(stderr, 'error: cannot start: listen EADDRINUSE')
  t.match(stderr, 'Use another --port, or 0 for any free port.')
})

t.test('dev refuses a URL that is not one', async (t) => {
  const { code, stderr } = await command(t, 'dev', '--to', 'localhost')
  t.equal(code, 2)
  t.match(stderr, 'Use a URL such as http://127.0.0.1:3000/green-api.')
})
