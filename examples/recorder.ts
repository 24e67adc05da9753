/**
 * Records notifications for `npx fastify-green-api replay`, one in each line.
 *
 * Set GREEN_API_WEBHOOK_TOKEN to the instance's token, RECORDING to the file, and PORT and HOST to the address.
 */
import { appendFileSync } from 'node:fs'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'

const {
  GREEN_API_WEBHOOK_TOKEN = 'example-token', RECORDING = 'recorded.ndjson', PORT = '3000', HOST = 'localhost'
} = process.env

const app = Fastify({ logger: { level: 'warn' } })
await app.register(greenApi, { token: GREEN_API_WEBHOOK_TOKEN })

function record ({ raw }: { readonly raw: unknown }): void {
  // A body that is too large has no `raw`.
  if (raw !== undefined) appendFileSync(RECORDING, `${JSON.stringify(raw)}\n`)
}
app.greenApi.on('webhook', record)
app.greenApi.on('unrecognized', record)

const address = await app.listen({ port: Number(PORT), host: HOST })
console.log(`recording to ${RECORDING} what is posted to ${address}/green-api`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { app.close() })
