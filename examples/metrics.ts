/**
 * A server with metrics for Prometheus at /metrics. grafana/dashboard.json shows them.
 *
 * With GREEN_API_WEBHOOK_TOKEN it waits for notifications. Without it, it posts three to itself.
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
// prom-client's own metrics of the process: memory, event loop, garbage collection.
collectDefaultMetrics()

// Anyone who can reach the server can read the metrics. On a public server, block this path in the proxy.
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
