/**
 * Returns the id of a notification's job: its key, escaped because BullMQ allows no colon, and its revision.
 *
 * A retried dead letter becomes a new job. `failedAt` makes its id different from the first one.
 */
export function jobIdOf (key: string, revision: number, failedAt?: number): string {
  const id = `${key.replaceAll('%', '%25').replaceAll('/', '%2F').replaceAll(':', '/')}~${revision}`
  return failedAt === undefined ? id : `${id}~${failedAt}`
}

/** The keys for a check: one of the inbox's own, and one of its queue's. Neither exists. */
export interface ProbeKeys {
  readonly own: string
  readonly queue: string
  /** What the names of all keys begin with. */
  readonly common: string
}

/** The inbox's own keys in Redis, which BullMQ does not know. */
export class Keys {
  readonly #queue: string
  readonly #prefix: string

  constructor (prefix: string, name: string) {
    this.#queue = `${prefix}:${name}`
    // Different from the keys of every queue: those begin with the queue's name and a colon.
    this.#prefix = `${prefix}:${name}-inbox`
  }

  /** The keys for a check of what Redis allows. Neither exists. */
  get probes (): ProbeKeys {
    return { own: `${this.#prefix}:probe`, queue: `${this.#queue}:inbox-probe`, common: this.#queue }
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
