import { settlesWithin } from './settles-within.ts'

/**
 * Resolves or rejects like the promise; rejects if that takes longer than this number of milliseconds.
 *
 * @param subject what is waited for, for the message of the error
 */
export async function inTime<Value> (promise: Promise<Value>, milliseconds: number, subject: string): Promise<Value> {
  if (await settlesWithin(promise.catch(() => {}), milliseconds)) return await promise
  throw new Error(`${subject} did not return within ${milliseconds} ms`)
}
