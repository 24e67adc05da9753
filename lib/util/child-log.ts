import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { ResolvedOptions } from '../options.ts'

/** The host's log for what no request brings about, as `logLevel` and `logSerializers` want it; each of its lines has these members. */
export function childLog (app: FastifyInstance, { logLevel: level, logSerializers: serializers }: ResolvedOptions, members: object = {}): FastifyBaseLogger {
  return app.log.child(members, { ...level !== undefined && { level }, ...serializers !== undefined && { serializers } })
}
