import { setTimeout as sleep } from 'node:timers/promises'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { textMessage } from 'fastify-green-api/testing'
import t from 'tap'
import { build, only, post } from '../helpers/app.ts'
import { BindableContextManager, spanDeliveries } from '../../examples/spans.ts'

// OpenTelemetry has one of each for the whole process.
const exporter = new InMemorySpanExporter()
const contextManager = new BindableContextManager()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register({ contextManager })
const tracer = trace.getTracer('test')

t.beforeEach((t) => {
  exporter.reset()
  t.teardown(spanDeliveries(tracer, contextManager.storage))
})
t.teardown(() => provider.shutdown())

const named = (name: string) => only(exporter.getFinishedSpans().filter((span) => span.name === name))

t.test('the span of a notification is the parent of what its listeners do', async (t) => {
  const app = await build(t)
  app.greenApi.on('textMessage', ({ data }) => tracer.startActiveSpan(`look up ${data.text}`, async (span) => {
    await sleep(1)
    tracer.startSpan(`store ${data.text}`).end()
    span.end()
  }))
  await Promise.all([post(app, textMessage({ text: 'one' })), post(app, textMessage({ text: 'two' }))])
  const notifications = exporter.getFinishedSpans().filter(({ name }) => name === 'process textMessage').map((span) => span.spanContext().spanId)
  t.equal(notifications.length, 2)
  const parents = ['one', 'two'].map((text) => {
    const lookUp = named(`look up ${text}`)
    t.equal(named(`store ${text}`).parentSpanContext?.spanId, lookUp.spanContext().spanId)
    return lookUp.parentSpanContext?.spanId
  })
  t.strictSame(parents.sort(), notifications.sort(), 'each below its own')
})

t.test('the span of a notification is below whatever it came in', async (t) => {
  const app = await build(t)
  app.addHook('preHandler', (request, reply, done) => {
    tracer.startActiveSpan('request', (span) => {
      reply.raw.once('finish', () => { span.end() })
      done()
    })
  })
  await post(app, textMessage())
  t.equal(named('process textMessage').parentSpanContext?.spanId, named('request').spanContext().spanId)
})

t.test('a span tells of which notification, which attempt, and what went wrong', async (t) => {
  const app = await build(t)
  let fail = true
  app.greenApi.on('textMessage', async () => { if (fail) throw new Error('the database is away') })
  const body = textMessage()
  await post(app, body)
  fail = false
  await post(app, body)
  t.match(exporter.getFinishedSpans(), [
    {
      status: { code: SpanStatusCode.ERROR },
      events: [{ name: 'exception', attributes: { 'exception.message': 'the database is away' } }],
      attributes: { 'messaging.message.id': new RegExp(body.idMessage), 'green_api.attempt': 1 }
    },
    { status: { code: SpanStatusCode.UNSET }, attributes: { 'green_api.attempt': 2, 'green_api.revision': 1 } }
  ])
})
