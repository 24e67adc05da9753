import { inboxConformance, type ConformanceSubject } from 'fastify-green-api/inbox/conformance'
import type { Test } from 'tap'

/** Makes a test of each promise that an inbox has to keep. */
export function conforms (t: Test, create: ConformanceSubject['create']) {
  for (const { name, run } of inboxConformance({ create })) t.test(name, { buffered: true }, run)
}
