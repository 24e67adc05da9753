import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions
} from 'fastify'
import { apiMethods } from './api-methods.ts'
import type { Clock } from './clock.ts'
import type { Instance } from './instance.ts'
import { ApiError, validationError } from './validate-request.ts'

interface ApiCall {
  Params: { idInstance: string, method: string, apiTokenInstance: string, '*'?: string }
  Querystring: Record<string, string | undefined>
}

/** GREEN-API's limit of a request's body, except for files: 1 MiB. */
const bodyLimitBytes = 1024 * 1024

/** GREEN-API's limit of a file: 100 MB. */
const fileLimitBytes = 100 * 1024 * 1024

const json = 'application/json; charset=utf-8'

/** Like GREEN-API's own answer to a wrong host or path. */
const notFoundPage = '<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>'

/** The host of an instance begins with the first four digits of its id, such as 7103.api.greenapi.com. */
const instanceHost = /^(\d{4})\.\w+\.green-?api\.com(?::\d+)?$/i

/** The beginning of the paths of MAX. Instances of other networks do not have it. */
const maxPrefix = '/v3'

/** Creates the server of GREEN-API's API for these instances. */
export function createApiServer (
  instances: ReadonlyMap<string, Instance>,
  clock: Clock,
  logger: FastifyServerOptions['logger']
): FastifyInstance {
  const server: FastifyInstance = Fastify({
    logger: logger ?? false,
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    // A client that uses the emulator as a proxy may send an absolute URL.
    rewriteUrl: ({ url = '/' }) => url.replace(/^https?:\/\/[^/]*/, '')
  })

  server.addHook('onRequest', async (request, reply) => {
    reply.header('date', new Date(clock.now()).toUTCString())
  })
  const url = '/waInstance:idInstance/:method/:apiTokenInstance'
  for (const each of [url, `${url}/*`, `${maxPrefix}${url}`, `${maxPrefix}${url}/*`]) {
    server.route<ApiCall>({
      method: ['GET', 'POST', 'DELETE'],
      url: each,
      handler: (request, reply) => answerCall(instances, request, reply)
    })
  }
  // Some clients send an empty body as JSON.
  const parseJson = server.getDefaultJsonParser('error', 'error')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parseJson(request, String(body), done)
  })
  const form = { parseAs: 'buffer', bodyLimit: fileLimitBytes } as const
  server.addContentTypeParser('multipart/form-data', form, async (request: FastifyRequest, body: Buffer) => {
    return await parseForm(String(request.headers['content-type']), body)
  })
  server.setNotFoundHandler((request, reply) => answerError(request, reply, notFound(), clock))
  server.setErrorHandler((error, request, reply) => answerError(request, reply, error, clock))
  return server
}

/** Returns the members of a form. Numbers are texts in a form. */
async function parseForm (contentType: string, body: Buffer): Promise<object> {
  const answer = new Response(Uint8Array.from(body), { headers: { 'content-type': contentType } })
  const form = await answer.formData().catch(() => { throw validationError("'body' must be a form") })
  return Object.fromEntries(Array.from(form, ([name, value]) => [name, name === 'typingTime' ? Number(value) : value]))
}

async function answerCall (
  instances: ReadonlyMap<string, Instance>,
  request: FastifyRequest<ApiCall>,
  reply: FastifyReply
) {
  const { idInstance, method: name, apiTokenInstance, '*': suffix = '' } = request.params
  const [, hostDigits = ''] = instanceHost.exec(request.host) ?? []
  if (!idInstance.startsWith(hostDigits)) throw notFound()
  const instance = instances.get(idInstance)
  if (instance === undefined) throw new ApiError(403, 'Forbidden')
  const { typeInstance } = instance
  if (request.url.startsWith(maxPrefix) && typeInstance !== 'v3') throw notFound()
  if (apiTokenInstance !== instance.apiTokenInstance) throw new ApiError(401, 'Unauthorized', '')
  const method = apiMethods.get(name)
  if (method === undefined || (method.typeInstance ?? typeInstance) !== typeInstance) {
    const known = [...apiMethods.keys()].join(', ')
    throw new ApiError(404, `Not Found: the emulator has no method ${name}. It has ${known}.`)
  }
  if (method.verb !== request.method) throw new ApiError(404, `Not Found: call ${name} with ${method.verb}`)
  limitRate(instance, name, reply)

  const closed = new AbortController()
  reply.raw.once('close', () => { closed.abort() })
  const { body, query } = request
  const answer = await method.answer(instance, { body, query, suffix, signal: closed.signal })
  // Serialized here, because Fastify sends null as an empty body and a string without quotation marks.
  return reply.type(json).send(typeof answer === 'string' ? answer : JSON.stringify(answer))
}

/** @throws {ApiError} 429 above the method's limit */
function limitRate ({ rateLimits }: Instance, method: string, reply: FastifyReply): void {
  const usage = rateLimits.count(method)
  if (usage === undefined) return
  const { limit, remaining } = usage
  reply.headers({
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': Math.max(remaining, 0),
    'x-ratelimit-reset': 1
  })
  if (remaining < 0) throw new ApiError(429, 'Too Many Requests')
}

function notFound (): ApiError {
  return new ApiError(404, 'Not Found', notFoundPage)
}

function answerError (request: FastifyRequest, reply: FastifyReply, error: unknown, clock: Clock) {
  // Fastify's errors have these members as well, except for the body.
  const { statusCode = 500, message, body } = error as Partial<ApiError>
  reply.code(statusCode)
  if (body === '') return reply.send()
  if (typeof body === 'string') return reply.type('text/html').send(body)
  // The path contains the token, which must not be part of an answer.
  const path = request.url.replace(/^((?:\/v3)?\/[^/]*\/[^/]*\/)[^/?]*/, '$1…')
  const timestamp = new Date(clock.now()).toISOString()
  return reply.type(json).send(JSON.stringify(body ?? { statusCode, timestamp, path, message }))
}
