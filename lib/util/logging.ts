import type { FastifyBaseLogger } from 'fastify'

/**
 * Writes a line about an error, whatever that is made of: a listener may throw what no logger
 * can write, and a delivery must not fail over its log.
 */
export function logError (log: FastifyBaseLogger, level: 'info' | 'warn' | 'error', err: unknown, fields: object, message: string): void {
  try {
    log[level]({ ...fields, err }, message)
  } catch {
    log[level]({ ...fields, err: new Error('an error that could not be written') }, message)
  }
}
