import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Settings } from '../options.ts'

/** The host's log for what no request brings about, as `logLevel` and `logSerializers` want it; each of its lines has these members. */
export function childLog (app: FastifyInstance, { logLevel: level, logSerializers: serializers }: Settings, members: object = {}): FastifyBaseLogger {
  return app.log.child(members, { ...level !== undefined && { level }, ...serializers !== undefined && { serializers } })
}
