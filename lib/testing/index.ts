/**
 * Builds notifications for tests, and injects them into a server.
 * @module fastify-green-api/testing
 */
export * from '../builders/index.ts'

export { inject } from './inject.ts'
export type { InjectOptions } from './inject.ts'
export type { InjectResult, ListenerCall } from './outcome.ts'
export type { Injectable } from './target-route.ts'
