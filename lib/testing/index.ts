export * from '../builders/index.ts'

export { inject } from './inject.ts'
export type { InjectOptions } from './inject.ts'
export type { InjectResult, ListenerCall } from './outcome.ts'
export type { Injectable } from './target-route.ts'
