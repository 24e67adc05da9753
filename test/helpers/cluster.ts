/**
 * Runs two workers on one port, posts a notification four times, and prints how often a listener was called. The
 * argument is the port of Redis for an inbox; without it, there is no inbox.
 */
import cluster from 'node:cluster'
import { once } from 'node:events'
import { request } from 'node:http'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { bullmqInbox } from 'fastify-green-api/inbox/bullmq'
import { textMessage } from 'fastify-green-api/testing'

const [, , redisPort] = process.argv

if (cluster.isPrimary) await primary()
else await worker()

async function primary (): Promise<void> {
  const workers = [cluster.fork(), cluster.fork()] as const
  // A worker sends its port first. All workers have the same.
  const [[port]] = await Promise.all([once(workers[0], 'message'), once(workers[1], 'message')])
  let calls = 0
  const called = new Promise<void>((resolve) => {
    for (const worker of workers) {
      worker.on('message', () => {
        calls++
        resolve()
      })
    }
  })
  const body = JSON.stringify(textMessage())
  for (let posts = 0; posts < 4; posts++) await post(Number(port), body)
  await called
  for (const worker of workers) worker.send('close')
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
  console.log(calls)
}

/** Posts over a connection of its own, which the cluster passes to the next worker. */
async function post (port: number, body: string): Promise<void> {
  const headers = { authorization: 'Bearer secret', connection: 'close' }
  const sent = request({ host: '127.0.0.1', port, path: '/green-api', method: 'POST', headers, agent: false }).end(body)
  const [response] = await once(sent, 'response')
  response.resume()
  await once(response, 'end')
}

async function worker (): Promise<void> {
  const app = Fastify()
  const inbox = redisPort === undefined ? undefined : bullmqInbox({ connection: { port: Number(redisPort) } })
  await app.register(greenApi, { token: 'secret', ...inbox && { inbox } })
  app.greenApi.on('textMessage', () => { process.send?.('called') })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  process.send?.(new URL(url).port)
  process.once('message', () => {
    app.close().then(() => { process.exit() })
  })
}
