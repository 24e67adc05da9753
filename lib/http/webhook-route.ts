import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { OversizedBody, type Body } from '../body/limited-body.ts'
import { authorization } from './authorization.ts'
import { unauthorizedChannel } from '../diagnostics/channels.ts'
import { recognizeArrived } from '../recognition/recognize-traced.ts'
import { logError } from '../util/logging.ts'
import { describe } from './openapi.ts'
import type { ResolvedRoute, ResolvedOptions } from '../options.ts'
import { createBodyParser } from './body-parser.ts'
import type { NotificationHandler } from '../delivery/receiver.ts'
import { registerRoute } from './registered-routes.ts'

/**
 * The route that GREEN-API posts to, in a scope of its own, so that nothing of the host's
 * parsers, validators and error handler changes or is needed.
 */
export const webhook: FastifyPluginAsync<{ route: ResolvedRoute, settings: ResolvedOptions, receiver: NotificationHandler }> = async (scope, { route, settings, receiver }) => {
  const { authenticate: admits, authorize: speaksFor } = authorization(route.tokens)

  scope.removeAllContentTypeParsers()
  // Every type and none. Fastify remembers which parser an expression led to, not that '*' did.
  scope.addContentTypeParser(/^/, createBodyParser(settings.bodyLimit))

  scope.post<{ Body: Body | undefined }>(route.path, {
    ...settings.logLevel !== undefined && { logLevel: settings.logLevel },
    ...settings.logSerializers !== undefined && { logSerializers: settings.logSerializers },
    errorHandler: answerError,
    config: { swaggerTransform: describe },

    onRequest (request, reply, done) {
      if (receiver.closing) return answer(reply, false)
      if (!admits(request.headers.authorization)) return refuse(reply)
      // Fastify refuses a content type that it cannot parse, and over HTTP/2 takes none for no body.
      if (!isMediaType(request.headers['content-type'])) request.headers = { ...request.headers, 'content-type': 'application/octet-stream' }
      done()
    },

    // Whoever answers it, what still arrives is read by nobody.
    onSend ({ body }, reply, payload, done) {
      if (body instanceof OversizedBody && body.truncated) cutOff(reply)
      done()
    }
  }, (request, reply) => {
    const { body = '' } = request
    const notification = recognizeArrived(body, 'route', receiver.emitter)
    const { idInstance } = notification.event
    if (!speaksFor(request.headers.authorization, idInstance)) return refuse(reply, { idInstance })

    const verdict = receiver.receive({ notification, body, terms: settings, log: request.log })
    if (typeof verdict === 'boolean') answer(reply, verdict)
    else verdict.then((done) => { answer(reply, done) }).catch((error: unknown) => { reply.send(error) })
  })
  registerRoute(scope.greenApi, { url: scope.prefix.replace(/\/$/, '') + route.path, path: route.path, tokens: route.tokens })

  function refuse (reply: FastifyReply, instance?: { readonly idInstance: string }): void {
    // As long as an id may be; the body may name anything.
    reply.log.warn({ idInstance: instance?.idInstance.slice(0, 40) }, "the Authorization header carries no token that speaks for the sender's instance: see the instance's webhookUrlToken")
    if (unauthorizedChannel.hasSubscribers) unauthorizedChannel.publish({ emitter: receiver.emitter, ...instance })
    reply.code(401).header('www-authenticate', 'Bearer').send()
  }

  function answer (reply: FastifyReply, verdict: boolean): void {
    if (!verdict) reply.code(503).header('retry-after', '60')
    // A connection kept alive would keep the server from closing.
    if (receiver.closing) dismiss(reply)
    reply.send()
  }
}

// Stricter than Fastify is in any of its versions. The first is what GREEN-API sends.
function isMediaType (contentType = ''): boolean {
  return contentType === 'application/json; charset=utf-8' || /^[\w.+-]+\/[\w.+-]+ *(?:;|$)/.test(contentType)
}

// HTTP/2 has no such header, and streams that end by themselves.
function dismiss (reply: FastifyReply): void {
  if (reply.request.raw.httpVersionMajor === 1) reply.header('connection', 'close')
}

// Ends what still arrives, once the answer is out.
function cutOff (reply: FastifyReply): void {
  dismiss(reply)
  // Of HTTP/2 the stream alone: its answer would count as finished only when that is closed.
  const { stream } = reply.raw as { stream?: Duplex }
  const [outgoing, incoming] = stream === undefined ? [reply.raw, reply.request.raw] : [stream, stream]
  // The answer's frames may leave a tick after it is finished.
  outgoing.once('finish', () => { setImmediate(() => { incoming.destroy() }) })
}

// What a hook of the host refuses is answered as Fastify would, without the host's error handler.
function answerError (error: RefusalByHost, request: FastifyRequest, reply: FastifyReply): void {
  const statusCode = reply.statusCode === 200 ? [error.statusCode, error.status].find(isErrorStatus) ?? 500 : reply.statusCode
  logError(request.log, statusCode < 500 ? 'info' : 'error', error, {}, 'the request could not be handled')
  const { code, message, headers } = error
  reply.code(statusCode).headers(headers ?? {}).type('application/json; charset=utf-8')
    .send(JSON.stringify({ statusCode, code, error: STATUS_CODES[statusCode], message }))
}

/** What Fastify looks at of an error. */
type RefusalByHost = FastifyError & { readonly status?: number, readonly headers?: Record<string, string> }

function isErrorStatus (status: number | undefined): status is number {
  return status !== undefined && status >= 400 && status <= 599
}
