export { maxRevisions, retentionMs } from './retention.ts'
export { nextRevision } from './revisions.ts'
export {
  SeenNotifications, failuresOf, isSettled, knownOrNextRevision, noteDuplicate, type SeenState
} from './seen-notifications.ts'
