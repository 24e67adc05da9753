import type { InjectOptions as Request, LightMyRequestResponse } from 'fastify'
import type { GreenApiEmitter } from '../delivery/emitter.ts'
import { routesOf, type RegisteredRoute } from '../http/registered-routes.ts'
import type { Tokens } from '../http/token.ts'

/** A Fastify instance, of whatever server and logger, with the plugin. */
export interface Injectable {
  readonly greenApi: GreenApiEmitter
  /** As Fastify's. */
  ready (done: (error: Error | null) => void): unknown
  /** As Fastify's. */
  inject (request: Request): PromiseLike<LightMyRequestResponse>
}

/** Waits until everything that was registered is loaded. */
export function untilReady (app: Injectable): Promise<void> {
  return new Promise((resolve, reject) => {
    // Not the promise that ready returns: of a scope that is ready already it rejects.
    app.ready((error) => {
      if (error == null) resolve()
      else reject(error)
    })
  })
}

/** The route with this path, or the only one. */
export function registrationOf (emitter: GreenApiEmitter, path: string | undefined): RegisteredRoute {
  const registrations = routesOf(emitter)
  const paths = registrations.map(({ url }) => url).join(', ')
  if (registrations.length === 0) throw new Error('there is no route to inject into: the plugin is registered with path: false, so register it with a path in the test')
  const found = path === undefined ? registrations : registrations.filter((registration) => registration.path === path || registration.url === path)
  const [registration, other] = found
  if (registration === undefined) throw new Error(`no registration has the path ${path}: write one of ${paths}`)
  if (other !== undefined) throw new Error(`several registrations could be meant: say which one in the option path, as one of ${paths}`)
  return registration
}

/** The token with which GREEN-API would post for this instance; empty where it needs none. */
export function tokenFor (tokens: Tokens, idInstance: string): string {
  if (tokens === false) return ''
  const [all = []] = tokens instanceof Map ? tokens.values() : [tokens]
  const own = tokens instanceof Map ? tokens.get(idInstance) : undefined
  const [token = ''] = own ?? all
  return token
}
