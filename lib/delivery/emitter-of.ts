import { GreenApiEmitter } from './emitter.ts'

/** The emitter of an instance. */
export function emitterOf ({ greenApi }: { readonly greenApi?: unknown }): GreenApiEmitter {
  if (greenApi instanceof GreenApiEmitter) return greenApi
  throw new Error('this instance has no greenApi: register fastify-green-api in it, or pass the scope in which it is registered')
}
