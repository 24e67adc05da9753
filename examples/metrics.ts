/**
 * A server whose notifications are counted for Prometheus, at /metrics.
 *
 * With GREEN_API_WEBHOOK_TOKEN set it waits for real ones; without, it posts some to itself. What
 * it counts is shown by grafana/dashboard.json.
 */
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { collectMetrics } from 'fastify-green-api/metrics'
import { collectDefaultMetrics, register } from 'prom-client'
import { examples, postAll } from './notifications.ts'
import { readPort } from './port.ts'

const { GREEN_API_WEBHOOK_TOKEN, PORT, HOST = 'localhost' } = process.env
const token = GREEN_API_WEBHOOK_TOKEN ?? 'example-token'
const port = readPort(PORT)

const app = Fastify({ logger: { level: 'warn' } })

await app.register(greenApi, { path: '/green-api', token })
collectMetrics(app)
// Those of the process, which prom-client has of its own: memory, event loop, garbage.
collectDefaultMetrics()

// Whoever reaches the server reads them. Where that is anybody, let the proxy keep this path to itself.
app.get('/metrics', async (request, reply) => {
  reply.type(register.contentType)
  return await register.metrics()
})

app.greenApi.on('buttonReply', ({ data }) => {
  console.log(`somebody tapped "${data.buttonText}"`)
})

const address = await app.listen({ port, host: HOST })
console.log(`listening on ${address}, metrics at ${address}/metrics`)

if (GREEN_API_WEBHOOK_TOKEN === undefined) {
  console.log('GREEN_API_WEBHOOK_TOKEN is not set, so here are three notifications of my own:')
  await postAll(examples, `${address}/green-api`, token)
  const metrics = await (await fetch(`${address}/metrics`)).text()
  console.log(metrics.split('\n').filter((line) => /^green_api_\w+_total/.test(line)).join('\n'))
  console.log('\nwaiting for more; end with Ctrl+C')
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => { app.close() })
}
