import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify'
import { ApiError } from './api-error.ts'
import type { Instance } from './instance.ts'
import type { Clock } from './clock.ts'
import { methods } from './api-methods.ts'

interface Call {
  Params: { idInstance: string, method: string, apiTokenInstance: string, '*'?: string }
  Querystring: Record<string, string | undefined>
}

/** GREEN-API's own limit of a request's body, in bytes, files aside. */
const bodyLimit = 1024 * 1024

/** Makes the server that answers as GREEN-API's does, for these instances. */
export function makeServer (instances: ReadonlyMap<string, Instance>, clock: Clock, logger: FastifyServerOptions['logger']): FastifyInstance {
  const server: FastifyInstance = Fastify({
    logger: logger ?? false,
    bodyLimit,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    // Some clients send a proxy the whole address.
    rewriteUrl: ({ url = '/' }) => url.replace(/^https?:\/\/[^/]*/, '')
  })

  server.route<Call>({
    method: ['GET', 'POST', 'DELETE'],
    url: '/waInstance:idInstance/:method/:apiTokenInstance',
    handler: (request, reply) => call(instances, request, reply)
  })
  server.route<Call>({
    method: ['GET', 'POST', 'DELETE'],
    url: '/waInstance:idInstance/:method/:apiTokenInstance/*',
    handler: (request, reply) => call(instances, request, reply)
  })
  // Some clients say that nothing is JSON.
  const parse = server.getDefaultJsonParser('error', 'error')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, String(body), done)
  })
  server.setNotFoundHandler((request, reply) => refuse(request, reply, new ApiError(404, 'Not Found'), clock))
  server.setErrorHandler((error, request, reply) => refuse(request, reply, error, clock))
  return server
}

async function call (instances: ReadonlyMap<string, Instance>, request: FastifyRequest<Call>, reply: FastifyReply) {
  const { idInstance, method: name, apiTokenInstance, '*': suffix = '' } = request.params
  const instance = instances.get(idInstance)
  if (instance === undefined) throw new ApiError(403, 'Forbidden')
  if (apiTokenInstance !== instance.apiTokenInstance) throw new ApiError(401, 'Unauthorized')
  const method = methods.get(name)
  if (method === undefined) throw new ApiError(404, `Not Found: the emulator has no method ${name}, but ${[...methods.keys()].join(', ')}`)
  if (method.verb !== request.method) throw new ApiError(404, `Not Found: ${name} is called by ${method.verb}`)

  const gone = new AbortController()
  reply.raw.once('close', () => { gone.abort() })
  const answer = await method.answer(instance, { body: request.body, query: request.query, suffix, signal: gone.signal })
  // Written here: of `null` Fastify would make an empty answer, and of a text a string.
  return reply.type('application/json; charset=utf-8').send(typeof answer === 'string' ? answer : JSON.stringify(answer))
}

// The token is part of the path: it stays out of the answer.
function refuse (request: FastifyRequest, reply: FastifyReply, error: unknown, clock: Clock) {
  const { statusCode = 500, message } = error as Partial<ApiError>
  const path = request.url.replace(/^(\/[^/]*\/[^/]*\/)[^/?]*/, '$1…')
  return reply.code(statusCode).type('application/json; charset=utf-8')
    .send(JSON.stringify({ statusCode, timestamp: new Date(clock.now()).toISOString(), path, message }))
}
