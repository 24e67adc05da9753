import { inboxConformance, type ConformanceSubject } from 'fastify-green-api/inbox/conformance'
import type { Test } from 'tap'

/** Runs all conformance cases as subtests. */
export function conforms (t: Test, create: ConformanceSubject['create']) {
  for (const { name, run } of inboxConformance({ create })) t.test(name, { buffered: true }, run)
}
