import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Verdict } from './attempt.ts'
import { authorization } from './authorization.ts'
import type { Delivery } from './delivery.ts'
import type { Settings } from './options.ts'
import { TooLarge, bodyReader, type Body } from './read.ts'
import { recognize } from './recognize.ts'

/**
 * The route that GREEN-API posts to, in a scope of its own, so that nothing of the host's
 * parsers, validators and error handler changes or is needed.
 */
export const webhook: FastifyPluginAsync<{ settings: Settings, delivery: Delivery }> = async (scope, { settings, delivery }) => {
  const { admits, speaksFor } = authorization(settings.tokens)

  scope.removeAllContentTypeParsers()
  // Every type and none. Fastify remembers which parser an expression led to, not that '*' did.
  scope.addContentTypeParser(/^/, bodyReader(settings.bodyLimit))

  scope.post<{ Body: Body | undefined }>(settings.path, {
    ...settings.logLevel !== undefined && { logLevel: settings.logLevel },
    errorHandler: answerError,

    onRequest (request, reply, done) {
      if (delivery.closing) return answer(reply, false)
      if (!admits(request.headers.authorization)) return refuse(request, reply)
      // Fastify refuses a content type that it cannot parse, and asks no further where there is none.
      if (request.mediaType === undefined) request.headers = { 'content-type': undefined }
      done()
    }
  }, (request, reply) => {
    const { body = '' } = request
    if (body instanceof TooLarge && body.endless) closeAfter(request, reply)

    const notification = recognize(body)
    if (!speaksFor(request.headers.authorization, notification.event.idInstance)) return refuse(request, reply)

    const verdict = delivery.deliver({ notification, terms: settings, log: request.log })
    if (typeof verdict === 'boolean') answer(reply, verdict)
    else verdict.then((done) => { answer(reply, done) })
  })
}

function answer (reply: FastifyReply, verdict: Verdict): void {
  if (!verdict) reply.code(503).header('retry-after', '60')
  reply.send()
}

function refuse (request: FastifyRequest, reply: FastifyReply): void {
  request.log.warn("the Authorization header carries no token that speaks for the sender's instance: see the instance's webhookUrlToken")
  reply.code(401).header('www-authenticate', 'Bearer').send()
}

function closeAfter ({ raw }: FastifyRequest, reply: FastifyReply): void {
  reply.header('connection', 'close').raw.once('finish', () => { raw.destroy() })
}

// What a hook of the host refuses is answered as Fastify would, without the host's error handler.
function answerError (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const statusCode = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500
  request.log[statusCode < 500 ? 'info' : 'error']({ err: error }, 'the request could not be handled')
  const { code, message } = error
  reply.code(statusCode).type('application/json; charset=utf-8')
    .send(JSON.stringify({ statusCode, code, error: STATUS_CODES[statusCode], message }))
}
