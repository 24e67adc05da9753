import swagger, { type SwaggerOptions } from '@fastify/swagger'
import { Validator } from '@seriousme/openapi-schema-validator'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import greenApi, { notifications } from 'fastify-green-api'
import t, { type Test } from 'tap'
import { build, only, post, token } from '../helpers/app.ts'
import { menu, menuSent, status, tap } from '../helpers/fixtures/notifications.ts'

const info = { title: 'A shop', version: '1.0.0' }
const openapi31 = { openapi: { openapi: '3.1.0', info } }

/** What of a document these tests look at. */
interface Described {
  paths: Record<string, { post: Operation }>
  webhooks?: Record<string, { post: Operation }>
}

interface Operation {
  operationId?: string
  summary?: string
  description?: string
  externalDocs?: { url: string }
  tags?: string[]
  requestBody?: { content: { 'application/json': { schema: object } } }
  responses: Record<string, { description: string, headers?: object, content?: object }>
}

/** A server that documents itself, with the plugin where a test puts it. */
async function documented (t: Test, options: SwaggerOptions = openapi31, register = (app: FastifyInstance): unknown => app.register(greenApi, { token })): Promise<FastifyInstance> {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(swagger, options)
  await register(app)
  await app.ready()
  return app
}

/** The document as its readers get it. */
function read (app: FastifyInstance): Described {
  return JSON.parse(JSON.stringify(app.swagger()))
}

function route (app: FastifyInstance, path = '/green-api'): Operation {
  const operation = read(app).paths[path]?.post
  if (operation === undefined) throw new Error(`${path} is not described`)
  return operation
}

function webhook (app: FastifyInstance, name: string): Operation {
  const operation = read(app).webhooks?.[name]?.post
  if (operation === undefined) throw new Error(`${name} is not described`)
  return operation
}

/** Whether a body is what a webhook's schema describes, by the validator that Fastify brings along. */
async function describes (t: Test, { requestBody }: Operation, body: unknown): Promise<boolean> {
  const app = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } })
  t.teardown(() => app.close())
  app.post('/green-api', { schema: { body: requestBody?.content['application/json'].schema } }, async () => '')
  const { statusCode } = await post(app, body)
  if (statusCode !== 200 && statusCode !== 400) throw new Error(`the schema cannot be compiled: ${statusCode}`)
  return statusCode === 200
}

async function validate (t: Test, document: ReturnType<FastifyInstance['swagger']> | string, version: string): Promise<void> {
  const validator = new Validator()
  const { valid, errors } = await validator.validate(typeof document === 'string' ? document : { ...document })
  t.ok(valid, `valid as ${version}: ${JSON.stringify(errors)}`)
  t.equal(validator.version, version)
}

t.test('a document of OpenAPI 3.1 or newer is valid, and has the route and every notification', async (t) => {
  for (const version of ['3.1', '3.2']) {
    const app = await documented(t, { openapi: { openapi: `${version}.0`, info } })
    await validate(t, app.swagger(), version)
    t.strictSame(Object.keys(read(app).paths), ['/green-api'])
    t.strictSame(Object.keys(read(app).webhooks ?? {}), Object.keys(notifications))
  }
})

t.test('older documents are valid, and have the route alone', async (t) => {
  const cases: Array<[SwaggerOptions, string]> = [
    [{ openapi: { openapi: '3.0.3', info } }, '3.0'],
    [{ openapi: { info } }, '3.0'],
    [{ swagger: { info } }, '2.0']
  ]
  for (const [options, version] of cases) {
    const app = await documented(t, options)
    await validate(t, app.swagger(), version)
    t.strictSame(Object.keys(read(app).paths), ['/green-api'])
    t.notOk('webhooks' in read(app), 'there was no such thing')
  }
})

t.test('the route says what it takes and how it answers', async (t) => {
  const operation = route(await documented(t))
  t.match(operation, { summary: /GREEN-API/, description: /`Authorization` header/, tags: ['GREEN-API'] })
  t.strictSame(Object.keys(operation.requestBody?.content ?? {}), ['application/json'])
  t.strictSame(Object.keys(operation.responses), ['200', '401', '503'])
  t.match(operation.responses['401'], { description: /token/, headers: { 'WWW-Authenticate': {} } })
  t.match(operation.responses['503'], { description: /again/, headers: { 'Retry-After': {} } })
  for (const response of Object.values(operation.responses)) t.notOk('content' in response, 'answers are empty')
})

t.test('the route is described where it really is', async (t) => {
  const app = await documented(t, openapi31, async (app) => {
    await app.register(async (scope) => {
      await scope.register(greenApi, { token, prefix: '/v1', path: '/hook' })
    }, { prefix: '/api' })
    await app.register(greenApi, { token, path: '/first' })
    await app.register(greenApi, { token, path: '/second' })
  })
  t.same(Object.keys(read(app).paths).sort(), ['/api/v1/hook', '/first', '/second'])
  t.strictSame(route(app, '/first'), route(app, '/second'))
  t.strictSame(Object.keys(read(app).webhooks ?? {}), Object.keys(notifications), 'once, however many routes')
  await validate(t, app.swagger(), '3.1')
})

t.test('a notification is described in the words of the map', async (t) => {
  const app = await documented(t)
  for (const [name, { summary, page }] of Object.entries(notifications)) {
    t.match(webhook(app, name), { operationId: `greenApi_${name}`, summary, externalDocs: { url: page }, tags: ['GREEN-API'] })
  }
})

t.test('what GREEN-API posts is described by the schema of its webhook', async (t) => {
  const app = await documented(t)
  const cases: Array<[string, unknown]> = [
    ['interactiveButtons', menuSent()],
    ['interactiveButtons', menuSent(menu, { typeWebhook: 'outgoingMessageReceived' })],
    ['interactiveButtons', menuSent({ ...menu, footerText: null })],
    ['buttonReply', tap()],
    ['outgoingMessageStatus', status()],
    ['outgoingMessageStatus', status('a-status-to-come')],
    ['outgoingMessageStatus', { ...status(), aMemberToCome: 1 }]
  ]
  for (const [name, body] of cases) t.ok(await describes(t, webhook(app, name), body), name)
})

t.test('what is no such notification is not described by its schema', async (t) => {
  const app = await documented(t)
  const cases: Array<[string, unknown]> = [
    ['interactiveButtons', tap()],
    ['interactiveButtons', menuSent(menu, { typeWebhook: 'outgoingMessageStatus' })],
    ['interactiveButtons', menuSent({ ...menu, buttons: {} })],
    ['interactiveButtons', menuSent(menu, { messageData: undefined })],
    ['interactiveButtons', menuSent(menu, { messageData: { interactiveButtons: menu } })],
    ['buttonReply', menuSent()],
    ['outgoingMessageStatus', menuSent()],
    ['outgoingMessageStatus', status('delivered', { status: undefined })],
    ['outgoingMessageStatus', status('delivered', { typeWebhook: undefined })],
    ['outgoingMessageStatus', status('delivered', { typeWebhook: 'incomingCall' })]
  ]
  for (const name of Object.keys(notifications)) cases.push([name, {}])
  for (const [name, body] of cases) t.notOk(await describes(t, webhook(app, name), body), `${name}: ${JSON.stringify(body)}`)
})

t.test('no schema forbids members to come', async (t) => {
  const app = await documented(t)
  t.notMatch(JSON.stringify(app.swagger()), /additionalProperties/)
})

t.test("the host's own webhooks are kept, and win", async (t) => {
  const own = { post: { summary: 'in the words of the host', responses: { 204: { description: 'done' } } } }
  const webhooks = { textMessage: own, newOrder: own }
  const app = await documented(t, { openapi: { ...openapi31.openapi, webhooks } })

  t.strictSame(webhook(app, 'textMessage'), own.post)
  t.strictSame(webhook(app, 'newOrder'), own.post)
  t.match(webhook(app, 'interactiveButtons'), { summary: notifications.interactiveButtons.summary })
  t.strictSame(webhooks, { textMessage: own, newOrder: own }, "the host's object is untouched")
  await validate(t, app.swagger(), '3.1')
})

t.test('a document is its own: what the host does to it reaches no schema and no other document', async (t) => {
  const pristine = read(await documented(t))
  const { paths, webhooks } = (await documented(t)).swagger() as Described
  spoil(paths)
  spoil(webhooks)
  t.strictSame(read(await documented(t)), pristine)

  function spoil (value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    for (const member of Object.values(value)) spoil(member)
    Object.assign(value, { spoiled: true })
  }
})

t.test("the host's transform is for its own routes", async (t) => {
  const transformed: string[] = []
  const app = await documented(t, {
    ...openapi31,
    transform ({ schema, url }) {
      transformed.push(url)
      return { schema, url }
    }
  }, async (app) => {
    app.get('/own', async () => '')
    await app.register(greenApi, { token })
  })
  t.strictSame(Object.keys(read(app).paths), ['/own', '/green-api'])
  t.strictSame(transformed, ['/own'])
})

t.test('the document can be had as YAML', async (t) => {
  const app = await documented(t)
  const yaml = app.swagger({ yaml: true })
  t.match(yaml, /^webhooks:\n(?: .*\n)* {2}interactiveButtons:\n {4}post:$/m)
  t.notMatch(yaml, /[&*]a\d/, 'spelled out, without anchors')
  await validate(t, yaml, '3.1')
})

t.test('the route has no schema: nothing is compiled, and nothing described until a document is asked for', async (t) => {
  const routes: RouteOptions[] = []
  const app = Fastify()
  t.teardown(() => app.close())
  app.addHook('onRoute', (route) => { routes.push(route) })
  await app.register(greenApi, { token })
  await app.ready()

  const { url, schema } = only(routes)
  t.equal(url, '/green-api')
  t.equal(schema, undefined)
  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('registered before @fastify/swagger, the route is missing from the document and works all the same', async (t) => {
  const app = await build(t)
  await app.register(swagger, openapi31)
  await app.ready()
  t.strictSame(read(app).paths, {})
  t.equal((await post(app, menuSent())).statusCode, 200)
})
