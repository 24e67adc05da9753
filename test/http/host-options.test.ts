/**
 * Random hosts: 10, or a tenth of `FUZZ_RUNS`. The route answers as documented, and the host's own routes answer as
 * they do without the plugin. A failure prints its seed. `FUZZ_SEED` repeats the same hosts.
 */
import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import Fastify, { type FastifyInstance, type FastifyServerOptions, type InjectOptions } from 'fastify'
import greenApi from 'fastify-green-api'
import t from 'tap'
import { post, token } from '../helpers/app.ts'
import { menuSent } from '../helpers/fixtures/notifications.ts'

const settings = {
  numRuns: Math.ceil(Number(process.env.FUZZ_RUNS ?? 100) / 10),
  ...process.env.FUZZ_SEED !== undefined && { seed: Number(process.env.FUZZ_SEED) }
}

t.setTimeout(120_000 + settings.numRuns * 200)

const flag = fc.boolean()

const serverOptions: fc.Arbitrary<FastifyServerOptions> = fc.record({
  bodyLimit: fc.constantFrom(1, 100, 10_000),
  onProtoPoisoning: fc.constantFrom('error', 'remove', 'ignore'),
  onConstructorPoisoning: fc.constantFrom('error', 'remove', 'ignore'),
  requestIdHeader: fc.constantFrom<string | false>('x-request-id', 'authorization', false),
  genReqId: fc.constant(() => 'an id'),
  trustProxy: flag,
  exposeHeadRoutes: flag,
  return503OnClosing: flag,
  requestTimeout: fc.constantFrom(0, 1000),
  connectionTimeout: fc.constantFrom(0, 1000),
  keepAliveTimeout: fc.constantFrom(1, 1000),
  forceCloseConnections: flag,
  logger: fc.constantFrom<NonNullable<FastifyServerOptions['logger']>>(
    false, { level: 'trace', stream: { write () {} } }
  ),
  ajv: fc.record({
    customOptions: fc.record({ coerceTypes: flag, removeAdditional: fc.constant('all' as const), useDefaults: flag })
  }, { requiredKeys: [] }),
  routerOptions: fc.record({
    caseSensitive: flag,
    ignoreTrailingSlash: flag,
    ignoreDuplicateSlashes: flag,
    useSemicolonDelimiter: flag,
    maxParamLength: fc.constantFrom(1, 100)
  }, { requiredKeys: [] })
}, { requiredKeys: [] })

type Prepare = (app: FastifyInstance) => void

/** What hosts do to all of their routes, without changing an answer to a request that the route accepts. */
const preparations: Record<string, Prepare> = {
  'asynchronous hooks' (app) {
    for (const hook of ['onRequest', 'preValidation', 'preHandler', 'onResponse', 'onTimeout', 'onError'] as const) {
      app.addHook(hook, async () => {})
    }
  },
  'hooks with a callback' (app) {
    app.addHook('onRequest', (request, reply, done) => { done() })
    app.addHook('preHandler', (request, reply, done) => { done() })
    app.addHook('onResponse', (request, reply, done) => { done() })
  },
  'hooks that wait' (app) {
    app.addHook('onRequest', (request, reply, done) => { setImmediate(done) })
    app.addHook('preValidation', (request, reply, done) => { setImmediate(done) })
  },
  'a header': (app) => app.addHook('onRequest', async (request, reply) => { reply.header('x-host', 'yes') }),
  'a replaced stream' (app) {
    app.addHook('preParsing', async (request, reply, payload) => payload.pipe(new PassThrough()))
  },
  'the same stream': (app) => app.addHook('preParsing', (request, reply, payload, done) => { done(null, payload) }),
  'the same answer': (app) => app.addHook('onSend', async (request, reply, payload) => payload),
  'a body read by the host' (app) {
    app.addHook('onRequest', async ({ raw, url }) => {
      // Fastify's own parsers would wait forever.
      if (/own|valid|fail/i.test(url)) return
      const chunks = await raw.toArray()
      Object.assign(raw, { rawBody: Buffer.concat(chunks) })
    })
  },
  'no parsers': (app) => app.removeAllContentTypeParsers(),
  'a parser of JSON' (app) {
    app.removeContentTypeParser('application/json')
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      done(null, { length: body.length })
    })
  },
  'a parser of anything' (app) {
    app.addContentTypeParser('*', (request, payload, done) => { done(new Error('refused')) })
  },
  'a validator': (app) => app.setValidatorCompiler(() => () => ({ error: new Error('invalid') })),
  'a serializer': (app) => app.setSerializerCompiler(() => () => '"serialized"'),
  'a serializer of replies': (app) => app.setReplySerializer(() => '"reply"'),
  'an error handler': (app) => app.setErrorHandler((_, request, reply) => { reply.code(418).send('host') }),
  'a handler of unknown routes': (app) => app.setNotFoundHandler((request, reply) => { reply.code(410).send('gone') }),
  'a route with a schema': addValidatedRoute,
  'a decorated request': (app) => app.decorateRequest('rawBody').decorateReply('tokenScope')
}

/** Few hosts have one, because compiling it takes most of the time. */
function addValidatedRoute (app: FastifyInstance): void {
  app.post('/validated', {
    schema: {
      body: { type: 'object', properties: { count: { type: 'number', default: 7 } } },
      response: { 200: { type: 'object', properties: { count: { type: 'number' } } } }
    }
  }, async (request) => request.body)
}

const hosts = fc.record({
  options: serverOptions,
  prepared: fc.uniqueArray(fc.constantFrom(...Object.keys(preparations)), { maxLength: 5 }),
  pluginFirst: flag,
  path: fc.constantFrom('/green-api', '/Hooks/GREEN-api', '/'),
  prefix: fc.constantFrom('', '/v1')
})

/** A host with routes of its own, and with the plugin if `register` is given. */
async function createHost (
  options: FastifyServerOptions, prepared: readonly string[], pluginFirst: boolean,
  register: (app: FastifyInstance) => PromiseLike<unknown> | undefined
): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify(options)
  if (pluginFirst) await register(app)
  for (const name of prepared) preparations[name]?.(app)
  if (!pluginFirst) await register(app)
  app.post('/own', async (request) => request.body)
  app.get('/failing', async () => { throw new Error('failed') })
  await app.ready()
  return app
}

const ownRequests: InjectOptions[] = [
  ...['/own', '/OWN/', '/validated'].flatMap((url) => [
    { url, payload: '{"count":"5","other":1}', headers: { 'content-type': 'application/json' } },
    { url, payload: '{"__proto__":{}}', headers: { 'content-type': 'application/json' } },
    { url, payload: 'text', headers: { 'content-type': 'text/plain' } },
    { url, payload: 'text', headers: { 'content-type': 'garbage' } }
  ].map((request) => ({ method: 'POST' as const, ...request }))),
  { method: 'GET', url: '/failing' },
  { method: 'HEAD', url: '/failing' },
  { method: 'GET', url: '/unknown' }
]

async function answers (app: FastifyInstance): Promise<unknown[]> {
  return Promise.all(ownRequests.map(async (request) => {
    const { statusCode, body, headers } = await app.inject(request)
    return { request, statusCode, body, headers: { ...headers, date: '' } }
  }))
}

t.test('the route answers as documented and changes no route of the host, whatever its options and hooks', async () => {
  await fc.assert(fc.asyncProperty(hosts, async ({ options, prepared, pluginFirst, path, prefix }) => {
    const app = await createHost(options, prepared, pluginFirst, (app) => {
      return app.register(greenApi, { token, path, prefix })
    })
    const bare = await createHost(options, prepared, pluginFirst, () => undefined)
    const events: string[] = []
    app.greenApi.on('interactiveButtons', ({ name }) => { events.push(name) })
    app.greenApi.on('unrecognized', ({ name }) => { events.push(name) })
    const url = prefix + path
    const send = (body: unknown, headers: Record<string, string> = {}) => post(app, body, { url, headers })

    try {
      for (const authorization of ['', 'Bearer wrong']) {
        const refused = await send(menuSent(), { authorization })
        assert.equal(refused.statusCode, 401)
        assert.equal(refused.headers['www-authenticate'], 'Bearer')
        assert.equal(refused.body, '')
      }
      for (const body of [menuSent(), menuSent(), '{']) {
        const accepted = await send(body, { 'content-type': body === '{' ? 'garbage' : 'application/json' })
        assert.equal(accepted.statusCode, 200)
        assert.equal(accepted.body, '')
      }
      assert.deepEqual(events, ['interactiveButtons', 'unrecognized'])
      assert.deepEqual(await answers(app), await answers(bare))
    } finally {
      await Promise.all([app.close(), bare.close()])
    }
  }), { ...settings, interruptAfterTimeLimit: 100_000 + settings.numRuns * 200, markInterruptAsFailure: true })
})
