import type { GreenApiEmitter } from '../delivery/emitter.ts'
import type { Tokens } from './token.ts'

/** A route that notifications are posted to. */
export interface RegisteredRoute {
  /** Where it is, all prefixes included. */
  readonly url: string
  /** The option `path`. */
  readonly path: string
  readonly tokens: Tokens
}

const registrations = new WeakMap<GreenApiEmitter, RegisteredRoute[]>()

/** Notes a route whose notifications reach the listeners of this emitter. */
export function registerRoute (emitter: GreenApiEmitter, registration: RegisteredRoute): void {
  registrations.set(emitter, [...routesOf(emitter), registration])
}

/** The routes whose notifications reach the listeners of this emitter. */
export function routesOf (emitter: GreenApiEmitter): readonly RegisteredRoute[] {
  return registrations.get(emitter) ?? []
}
