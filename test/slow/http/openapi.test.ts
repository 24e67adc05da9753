import swagger, { type SwaggerOptions } from '@fastify/swagger'
import { Validator } from '@seriousme/openapi-schema-validator'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import greenApi, { notifications } from 'fastify-green-api'
import t, { type Test } from 'tap'
import { build, only, post, token } from '../../helpers/app.ts'
import { menu, menuSent, status, tap } from '../../helpers/fixtures/notifications.ts'

const info = { title: 'A shop', version: '1.0.0' }
const openapi31 = { openapi: { openapi: '3.1.0', info } }

/** The part of a document that these tests read. */
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

/** A server with @fastify/swagger and the plugin, which a test can register itself. */
async function documented (
  t: Test, options: SwaggerOptions = openapi31,
  register = (app: FastifyInstance): unknown => app.register(greenApi, { token })
): Promise<FastifyInstance> {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(swagger, options)
  await register(app)
  await app.ready()
  return app
}

/** The document as JSON. */
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

/** A function that returns whether a body matches the schema of a webhook, by Fastify's own validator. */
function matcher (t: Test, documented: FastifyInstance, names: Iterable<string>) {
  const app = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } })
  t.teardown(() => app.close())
  for (const name of new Set(names)) {
    const { requestBody } = webhook(documented, name)
    app.post(`/${name}`, { schema: { body: requestBody?.content['application/json'].schema } }, async () => '')
  }
  return async (name: string, body: unknown): Promise<boolean> => {
    const { statusCode } = await app.inject({ method: 'POST', url: `/${name}`, payload: Object(body) })
    if (statusCode !== 200 && statusCode !== 400) throw new Error(`the schema cannot be compiled: ${statusCode}`)
    return statusCode === 200
  }
}

async function validate (
  t: Test, document: ReturnType<FastifyInstance['swagger']> | string, version: string
): Promise<void> {
  const validator = new Validator()
  const { valid, errors } = await validator.validate(typeof document === 'string' ? document : { ...document })
  t.ok(valid, `valid as ${version}: ${JSON.stringify(errors)}`)
  t.equal(validator.version, version)
}

t.test('describeOperation describes route and notifications when the document is OpenAPI 3.1 or newer', async (t) => {
  for (const version of ['3.1', '3.2']) {
    const app = await documented(t, { openapi: { openapi: `${version}.0`, info } })
    await validate(t, app.swagger(), version)
    t.strictSame(Object.keys(read(app).paths), ['/green-api'])
    t.strictSame(Object.keys(read(app).webhooks ?? {}), Object.keys(notifications))
  }
})

t.test('describeOperation describes only the route when the document is older', async (t) => {
  const cases: Array<[SwaggerOptions, string]> = [
    [{ openapi: { openapi: '3.0.3', info } }, '3.0'],
    [{ openapi: { info } }, '3.0'],
    [{ swagger: { info } }, '2.0']
  ]
  for (const [options, version] of cases) {
    const app = await documented(t, options)
    await validate(t, app.swagger(), version)
    t.strictSame(Object.keys(read(app).paths), ['/green-api'])
    t.notOk('webhooks' in read(app), 'webhooks are new in OpenAPI 3.1')
  }
})

t.test('describeOperation describes the body and the responses of the route', async (t) => {
  const operation = route(await documented(t))
  t.match(operation, { summary: /GREEN-API/, description: /`Authorization` header/, tags: ['GREEN-API'] })
  t.strictSame(Object.keys(operation.requestBody?.content ?? {}), ['application/json'])
  t.strictSame(Object.keys(operation.responses), ['200', '401', '503'])
  t.match(operation.responses['401'], { description: /token/, headers: { 'WWW-Authenticate': {} } })
  t.match(operation.responses['503'], { description: /again/, headers: { 'Retry-After': {} } })
  for (const response of Object.values(operation.responses)) t.notOk('content' in response, 'responses have no body')
})

t.test('describeOperation describes each route under its full path', async (t) => {
  const app = await documented(t, openapi31, async (app) => {
    await app.register(async (scope) => {
      await scope.register(greenApi, { token, prefix: '/v1', path: '/hook' })
    }, { prefix: '/api' })
    await app.register(greenApi, { token, path: '/first' })
    await app.register(greenApi, { token, path: '/second' })
  })
  t.same(Object.keys(read(app).paths).sort(), ['/api/v1/hook', '/first', '/second'])
  t.strictSame(route(app, '/first'), route(app, '/second'))
  t.strictSame(Object.keys(read(app).webhooks ?? {}), Object.keys(notifications), 'once for several routes')
  await validate(t, app.swagger(), '3.1')
})

t.test('describeOperation takes the summary and the page of a notification from its definition', async (t) => {
  const app = await documented(t)
  for (const [name, { summary, page }] of Object.entries(notifications)) {
    t.match(
      webhook(app, name), { operationId: `greenApi_${name}`, summary, externalDocs: { url: page }, tags: ['GREEN-API'] }
    )
  }
})

t.test('describeOperation gives a webhook a schema that its notifications match', async (t) => {
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
  const matches = matcher(t, app, cases.map(([name]) => name))
  for (const [name, body] of cases) t.ok(await matches(name, body), name)
})

t.test('describeOperation gives a webhook a schema that other notifications do not match', async (t) => {
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
  const matches = matcher(t, app, Object.keys(notifications))
  for (const [name, body] of cases) t.notOk(await matches(name, body), `${name}: ${JSON.stringify(body)}`)
})

t.test('describeOperation allows unknown members in every schema', async (t) => {
  const app = await documented(t)
  t.notMatch(JSON.stringify(app.swagger()), /additionalProperties/)
})

t.test("describeOperation keeps the host's own webhooks", async (t) => {
  const own = { post: { summary: 'described by the host', responses: { 204: { description: 'done' } } } }
  const webhooks = { textMessage: own, newOrder: own }
  const app = await documented(t, { openapi: { ...openapi31.openapi, webhooks } })

  t.strictSame(webhook(app, 'textMessage'), own.post)
  t.strictSame(webhook(app, 'newOrder'), own.post)
  t.match(webhook(app, 'interactiveButtons'), { summary: notifications.interactiveButtons.summary })
  t.strictSame(webhooks, { textMessage: own, newOrder: own }, "the host's object is unchanged")
  await validate(t, app.swagger(), '3.1')
})

t.test('describeOperation returns a copy that the host can change', async (t) => {
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

t.test("describeOperation replaces the host's transform only for the route of the plugin", async (t) => {
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

t.test('describeOperation leaves a document that YAML can express without anchors', async (t) => {
  const app = await documented(t)
  const yaml = app.swagger({ yaml: true })
  t.match(yaml, /^webhooks:\n(?: .*\n)* {2}interactiveButtons:\n {4}post:$/m)
  t.notMatch(yaml, /[&*]a\d/, 'without anchors')
  await validate(t, yaml, '3.1')
})

t.test('the route has no schema that Fastify would compile', async (t) => {
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

t.test('the route works without a description when it is registered before @fastify/swagger', async (t) => {
  const app = await build(t)
  await app.register(swagger, openapi31)
  await app.ready()
  t.strictSame(read(app).paths, {})
  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('describeOperation describes only the likeliest member of a content', async (t) => {
  const { requestBody } = webhook(await documented(t), 'buttonReply')

  const { properties } = requestBody?.content['application/json'].schema as MessageSchema

  const { members } = notifications.buttonReply
  t.ok(members.length > 1)
  t.strictSame(
    Object.keys(properties.messageData.properties),
    ['typeMessage', 'quotedMessage', 'isForwarded', 'forwardingScore', members[0]]
  )
  for (const member of members) t.match(properties.messageData.description, `\`${member}\``)
})

interface MessageSchema { properties: { messageData: { description: string, properties: object } } }
