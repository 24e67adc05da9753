import type { GreenApiEmitter } from '../delivery/emitter.ts'
import type { Tokens } from './token.ts'

/** A route that notifications are posted to. */
export interface Registration {
  /** Where it is, all prefixes included. */
  readonly url: string
  /** The option `path`. */
  readonly path: string
  readonly tokens: Tokens
}

const registrations = new WeakMap<GreenApiEmitter, Registration[]>()

/** Notes a route whose notifications reach the listeners of this emitter. */
export function noteRegistration (emitter: GreenApiEmitter, registration: Registration): void {
  registrations.set(emitter, [...registrationsOf(emitter), registration])
}

/** The routes whose notifications reach the listeners of this emitter. */
export function registrationsOf (emitter: GreenApiEmitter): readonly Registration[] {
  return registrations.get(emitter) ?? []
}
