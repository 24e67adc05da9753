export { createPollers } from './create-pollers.ts'
export { resolveInstance, resolvePoll, type PolledInstance, type ResolvedPoll } from './options.ts'
export type { Poller } from './poller.ts'
