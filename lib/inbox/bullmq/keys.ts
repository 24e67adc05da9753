/**
 * The id of a notification's job: its key, in which BullMQ allows no colon, and its revision.
 *
 * One that was given up and sent again becomes another job; when it was given up tells it from
 * the first.
 */
export function jobIdOf (key: string, revision: number, failedAt?: number): string {
  const id = `${key.replaceAll('%', '%25').replaceAll('/', '%2F').replaceAll(':', '/')}~${revision}`
  return failedAt === undefined ? id : `${id}~${failedAt}`
}

/** The keys in Redis that are the inbox's own, beside those of BullMQ. */
export class Keys {
  readonly #prefix: string

  constructor (prefix: string, name: string) {
    // No queue's keys begin like this.
    this.#prefix = `${prefix}:${name}-inbox`
  }

  /** What is remembered of the bodies that came under a key. */
  seen (key: string): string {
    return `${this.#prefix}:seen:${key}`
  }

  /** The id of the last job with an ordering key. */
  last (orderingKey: string): string {
    return `${this.#prefix}:last:${orderingKey}`
  }
}
