export { createPollers, type PollingSource } from './create-pollers.ts'
export { InstanceSet } from './instance-set.ts'
export {
  resolveInstance, resolvePoll, type FindInstances, type PolledInstance, type PollLookup, type ResolvedPoll
} from './options.ts'
