import { isObject, type Content } from '../schemas/values.ts'

/**
 * A journal record that stands for a notification that GREEN-API did not send. It is the body of a recovered
 * notification, so that an inbox can store it.
 */
export interface RecoveredRecord {
  /** The instance whose journal has the record, as `instanceData` of a webhook body. The record itself has none. */
  readonly recoveredFrom: Content
  readonly record: Content
}

/** Returns the body of a recovered notification. */
export function toRecoveredBody (recoveredFrom: Content, record: Content): string {
  return JSON.stringify({ recoveredFrom, record } satisfies RecoveredRecord)
}

/** Whether a parsed body is that of a recovered notification. */
export function isRecoveredRecord (parsed: unknown): parsed is RecoveredRecord {
  return isObject(parsed) && isObject(parsed.recoveredFrom) && isObject(parsed.record)
}
