import type { GreenApiEmitter, NotificationHandler } from '../delivery/index.ts'
import type { Tokens } from './token.ts'

/** A route for webhooks. */
export interface RegisteredRoute {
  /** The path with all prefixes. */
  readonly url: string
  /** The option `path`. */
  readonly path: string
  readonly tokens: Tokens
  readonly handler: NotificationHandler
}

const routes = new WeakMap<GreenApiEmitter, RegisteredRoute[]>()

export function registerRoute (emitter: GreenApiEmitter, route: RegisteredRoute): void {
  routes.set(emitter, [...routesOf(emitter), route])
}

/** The routes whose notifications reach the listeners of this emitter. */
export function routesOf (emitter: GreenApiEmitter): readonly RegisteredRoute[] {
  return routes.get(emitter) ?? []
}
