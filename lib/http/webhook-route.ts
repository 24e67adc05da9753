import type {
  FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest, RegisterOptions, RouteShorthandOptions
} from 'fastify'
import type { Body } from '../body/index.ts'
import type { DeliveryOptions, IncomingNotification, NotificationHandler } from '../delivery/index.ts'
import { unauthorizedChannel } from '../diagnostics/index.ts'
import { recognizeTraced } from '../recognition/index.ts'
import { IncompleteBodyError } from '../errors.ts'
import { logError } from '../util/logging.ts'
import { claimedInstance, createAuthenticate, type TokenScope } from './authorization.ts'
import { createBodyParser } from './body-parser.ts'
import { describeOperation } from './openapi.ts'
import { PendingBodies } from './pending-bodies.ts'
import { registerRoute } from './registered-routes.ts'
import type { Tokens } from './token.ts'
import { closeConnection, dropUnreadBody } from './unread-body.ts'

/** Where the route is, and the tokens that it accepts. */
export interface ResolvedRoute {
  readonly tokens: Tokens
  readonly path: string
  readonly prefix: string
}

interface RouteSettings extends DeliveryOptions {
  readonly bodyLimit: number
  readonly bodyTimeout: number
  readonly logLevel: RouteShorthandOptions['logLevel']
  readonly logSerializers: RegisterOptions['logSerializers']
}

// An `import` of node:http would also load Node's WebSocket, which takes 25 ms.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

const tokenScope = Symbol('fastify-green-api.tokenScope')

/** A request, decorated with the scope of its token once that is known. */
interface AuthenticatedRequest {
  [tokenScope]: TokenScope | undefined
}

/**
 * The route that GREEN-API posts to, in a Fastify scope of its own: it neither needs nor changes the host's parsers,
 * validators and error handler.
 */
export const webhookRoute: FastifyPluginAsync<{
  route: ResolvedRoute, settings: RouteSettings, handler: NotificationHandler
}> = async (scope, { route, settings, handler }) => {
  const authenticate = createAuthenticate(route.tokens)
  const pending = new PendingBodies(settings.bodyTimeout)
  scope.addHook('preClose', async () => { pending.close() })

  scope.decorateRequest(tokenScope, undefined)
  scope.removeAllContentTypeParsers()
  // Matches any content type and none. Fastify caches the parser of a regular expression, but not that of '*'.
  scope.addContentTypeParser(/^/, createBodyParser(settings.bodyLimit, pending))

  scope.post<{ Body: Body | undefined }>(route.path, {
    ...settings.logLevel !== undefined && { logLevel: settings.logLevel },
    ...settings.logSerializers !== undefined && { logSerializers: settings.logSerializers },
    errorHandler: answerError,
    config: { swaggerTransform: describeOperation },

    onRequest (request, reply, done) {
      if (handler.closing) return answer(reply, false)
      const covered = authenticate(request.headers.authorization)
      if (covered === undefined) return refuse(reply)
      decorated(request)[tokenScope] = covered
      const { headers } = request
      // Fastify answers 415 to an invalid content type, and over HTTP/2 treats a request without one as having no body.
      if (!isMediaType(headers['content-type'])) {
        request.headers = { ...headers, 'content-type': 'application/octet-stream' }
      }
      done()
    },

    // Also runs if a hook of the host answers the request.
    onSend (request, reply, payload, done) {
      if (typeof request.body !== 'string') dropUnreadBody(request, reply, pending)
      done()
    }
  }, (request, reply) => {
    const { body = '', log } = request
    const notification = recognizeTraced(body, 'route', handler.emitter)
    const incoming = { notification, body, options: settings, log }
    const { idInstance } = notification.event
    const covered = decorated(request)[tokenScope]?.has(idInstance, body) ?? false
    if (typeof covered === 'boolean') return receive(reply, incoming, covered)
    covered.then((result) => { receive(reply, incoming, result) }, (error: unknown) => {
      const fields = { idInstance: shorten(claimedInstance(idInstance, body)) }
      logError(log, 'error', error, fields, 'token lookup failed, GREEN-API will resend')
      answer(reply, false)
    }).catch((error: unknown) => { reply.send(error) })
  })

  const { path, tokens } = route
  registerRoute(scope.greenApi, { url: scope.prefix.replace(/\/$/, '') + path, path, tokens, handler })

  function receive (reply: FastifyReply, incoming: IncomingNotification, covered: boolean): void {
    const { idInstance } = incoming.notification.event
    if (!covered) return refuse(reply, { idInstance })
    const acknowledged = handler.receive(incoming)
    if (typeof acknowledged === 'boolean') answer(reply, acknowledged)
    else acknowledged.then((result) => { answer(reply, result) }).catch((error: unknown) => { reply.send(error) })
  }

  function refuse (reply: FastifyReply, instance?: { readonly idInstance: string }): void {
    const idInstance = instance && shorten(instance.idInstance)
    reply.log.warn({ idInstance }, "401: missing or wrong token, it must match the instance's webhookUrlToken")
    if (unauthorizedChannel.hasSubscribers) unauthorizedChannel.publish({ emitter: handler.emitter, ...instance })
    reply.code(401).header('www-authenticate', 'Bearer').send()
  }

  function answer (reply: FastifyReply, acknowledged: boolean): void {
    if (!acknowledged) reply.code(503).header('retry-after', '60')
    // A kept-alive connection would delay the end of the server.
    if (handler.closing) closeConnection(reply)
    reply.send()
  }
}

// The body can contain any id: log at most as much as a real one needs.
function shorten (idInstance: string): string {
  return idInstance.slice(0, 40)
}

function decorated (request: object): AuthenticatedRequest {
  // The route decorates its requests. In Fastify's own types the decoration would be part of every request.
  return request as AuthenticatedRequest
}

// Stricter than every version of Fastify. The first is what GREEN-API sends.
function isMediaType (contentType = ''): boolean {
  return contentType === 'application/json; charset=utf-8' || /^[\w.+-]+\/[\w.+-]+ *(?:;|$)/.test(contentType)
}

// An error of one of the host's hooks is answered as Fastify would, without the host's error handler.
function answerError (error: HookError, request: FastifyRequest, reply: FastifyReply): void {
  const statusCode = reply.statusCode === 200 ? statusOf(error) : reply.statusCode
  const isExpected = statusCode < 500 || error instanceof IncompleteBodyError
  logError(request.log, isExpected ? 'info' : 'error', error, {}, 'request failed')
  const { code, message, headers } = error
  // Fastify sets it when the body could not be read. HTTP/2 does not have it, and Node would warn.
  if (request.raw.httpVersionMajor !== 1) reply.removeHeader('connection')
  reply.code(statusCode).headers(headers ?? {}).type('application/json; charset=utf-8')
    .send(JSON.stringify({ statusCode, code, error: STATUS_CODES[statusCode], message }))
}

/** The members of an error that Fastify reads. */
type HookError = FastifyError & { readonly status?: number, readonly headers?: Record<string, string> }

function statusOf ({ statusCode, status }: HookError): number {
  return [statusCode, status].find((each) => each !== undefined && each >= 400 && each <= 599) ?? 500
}
