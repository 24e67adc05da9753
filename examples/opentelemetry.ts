/**
 * Creates OpenTelemetry spans of notifications. The spans of listeners are children of the notification's span. The
 * example posts notifications to itself and prints the spans.
 *
 * An application would send them with a BatchSpanProcessor and an exporter.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import { ConsoleSpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { examples, postAll } from './notifications.ts'
import { BindableContextManager, spanDeliveries } from './spans.ts'

const contextManager = new BindableContextManager()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] })
provider.register({ contextManager })
const tracer = trace.getTracer('shop')
spanDeliveries(tracer, contextManager.storage)

const token = 'example-token'
const app = Fastify({ logger: { level: 'warn' } })
await app.register(greenApi, { token })

app.greenApi.on('buttonReply', ({ data }) => tracer.startActiveSpan('look up the order', async (span) => {
  await sleep(5)
  span.setAttribute('button', data.buttonId)
  span.end()
}))

const address = await app.listen({ port: 0, host: '127.0.0.1' })
await postAll(examples, `${address}/green-api`, token)
await app.close()
await provider.shutdown()
