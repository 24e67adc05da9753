export { inboxConformance, type ConformanceCase } from './inbox-conformance.ts'
export type { ConformanceSettings, ConformanceSubject } from './harness.ts'
