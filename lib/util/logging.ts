import type { FastifyBaseLogger, FastifyInstance, RegisterOptions, RouteShorthandOptions } from 'fastify'

/** The log options of a registration. Default: those of the host. */
export interface LogOptions {
  readonly logLevel: RouteShorthandOptions['logLevel'] | undefined
  readonly logSerializers: RegisterOptions['logSerializers'] | undefined
}

/** Returns a child of the host's log for work outside a request. Each of its lines has `fields`. */
export function childLog (app: FastifyInstance, options: LogOptions, fields: object = {}): FastifyBaseLogger {
  const { logLevel: level, logSerializers: serializers } = options
  return app.log.child(fields, {
    ...level !== undefined && { level },
    ...serializers !== undefined && { serializers }
  })
}

const standardLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/**
 * Returns the names of a logger's levels, with its custom levels.
 *
 * pino lists them in `levels.values`, winston in `levels`. A logger without such a list has the standard ones.
 */
export function levelNames (log: FastifyBaseLogger): string[] {
  const levels: { readonly values?: object } = Object(Reflect.get(log, 'levels'))
  return levels.values === undefined
    ? [...standardLevels, ...Object.keys(levels)]
    : [...Object.keys(levels.values), 'silent']
}

/**
 * Logs an error of any type.
 *
 * A listener may throw a value that the logger cannot write. That must not fail the delivery.
 */
export function logError (
  log: FastifyBaseLogger,
  level: 'debug' | 'info' | 'warn' | 'error',
  err: unknown,
  fields: object,
  message: string
): void {
  try {
    log[level]({ ...fields, err }, message)
  } catch {
    log[level]({ ...fields, err: new Error('unserializable error') }, message)
  }
}
