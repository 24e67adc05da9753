/**
 * Records notifications for `npx fastify-green-api replay`, one in each line.
 *
 * Set GREEN_API_WEBHOOK_TOKEN to the instance's token, RECORDING to the file, and PORT and HOST to the address.
 */
import { appendFileSync } from 'node:fs'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { readPort } from './port.ts'

const {
  GREEN_API_WEBHOOK_TOKEN = 'example-token', RECORDING = 'recorded.ndjson', PORT, HOST = 'localhost'
} = process.env
const port = readPort(PORT)

const app = Fastify({ logger: { level: 'warn' } })
await app.register(greenApi, { token: GREEN_API_WEBHOOK_TOKEN })

function record ({ raw }: { readonly raw: unknown }): void {
  // A body that is too large has no `raw`.
  if (raw !== undefined) appendFileSync(RECORDING, `${JSON.stringify(raw)}\n`)
}
app.greenApi.on('webhook', record)
app.greenApi.on('unrecognized', record)

console.log(`recording to ${RECORDING} what is posted to ${await app.listen({ port, host: HOST })}/green-api`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { app.close() })
