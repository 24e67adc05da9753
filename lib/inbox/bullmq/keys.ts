/**
 * Returns the id of a notification's job: its key, escaped because BullMQ allows no colon, and its revision.
 *
 * A retried dead letter becomes a new job. `failedAt` makes its id different from the first one.
 */
export function jobIdOf (key: string, revision: number, failedAt?: number): string {
  const id = `${key.replaceAll('%', '%25').replaceAll('/', '%2F').replaceAll(':', '/')}~${revision}`
  return failedAt === undefined ? id : `${id}~${failedAt}`
}

/** The inbox's own keys in Redis, which BullMQ does not know. */
export class Keys {
  readonly #prefix: string

  constructor (prefix: string, name: string) {
    // Different from the keys of every queue: those begin with the queue's name and a colon.
    this.#prefix = `${prefix}:${name}-inbox`
  }

  /** The key of the revisions seen with a notification's key. */
  seen (key: string): string {
    return `${this.#prefix}:seen:${key}`
  }

  /** The key of the last job's id of an ordering key. */
  last (orderingKey: string): string {
    return `${this.#prefix}:last:${orderingKey}`
  }
}
