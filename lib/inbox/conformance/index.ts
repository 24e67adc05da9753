/**
 * Tests that check an inbox of your own.
 * @module fastify-green-api/inbox/conformance
 */
export { inboxConformance, type ConformanceCase } from './inbox-conformance.ts'
export type { ConformanceSettings, ConformanceSubject } from './harness.ts'
