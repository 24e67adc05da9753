import type { InjectOptions as Request, LightMyRequestResponse } from 'fastify'
import type { GreenApiEmitter } from '../delivery/index.ts'
import { routesOf, type RegisteredRoute, type Tokens } from '../http/index.ts'

/** A Fastify instance with the plugin, for any server and logger type. */
export interface Injectable {
  readonly greenApi: GreenApiEmitter
  /** Fastify's `ready`. */
  ready (done: (error: Error | null) => void): unknown
  /** Fastify's `inject`. */
  inject (request: Request): PromiseLike<LightMyRequestResponse>
}

/** @throws {TypeError} if the value is not a Fastify instance */
export function assertFastify (app: unknown): void {
  // JavaScript programs can pass any value.
  const methods = Object(app) as Partial<Injectable>
  if (typeof methods.ready === 'function' && typeof methods.inject === 'function') return
  throw new TypeError('inject() takes the Fastify instance. With NestJS, pass app.getHttpAdapter().getInstance().')
}

/** Waits until all plugins are loaded. */
export function waitUntilReady (app: Injectable): Promise<void> {
  return new Promise((resolve, reject) => {
    // The promise of ready() rejects if the scope is ready already.
    app.ready((error) => {
      if (error == null) resolve()
      else reject(error)
    })
  })
}

/**
 * Finds the route with this path, or the only route.
 *
 * @throws {Error} if there is no such route, or if several routes match
 */
export function findRoute (emitter: GreenApiEmitter, path: string | undefined): RegisteredRoute {
  const routes = routesOf(emitter)
  if (routes.length === 0) {
    throw new Error('The plugin has no route because it is registered with `path: false`. Set a path in the test.')
  }
  const matches = path === undefined ? routes : routes.filter((route) => route.path === path || route.url === path)
  const [route, other] = matches
  const urls = routes.map(({ url }) => url).join(', ')
  if (route === undefined) throw new Error(`Unknown path ${path}. Use one of: ${urls}.`)
  if (other !== undefined) throw new Error(`Several routes match. Set the option \`path\` to one of: ${urls}.`)
  return route
}

/** The token that GREEN-API would send for this instance; `''` if the route requires none. */
export async function tokenFor (tokens: Tokens, idInstance: string): Promise<string> {
  if (typeof tokens === 'function') return (await tokens(idInstance))[0] ?? ''
  if (tokens === false) return ''
  const [all = []] = tokens instanceof Map ? tokens.values() : [tokens]
  const own = tokens instanceof Map ? tokens.get(idInstance) : undefined
  const [token = ''] = own ?? all
  return token
}
