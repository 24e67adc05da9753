import type { Inbox } from '../inbox.ts'

/** What an inbox that is tested must be told to do. */
export interface ConformanceSettings {
  /** How many entries are delivered side by side, each of another ordering key. */
  readonly concurrency: number
  /**
   * In milliseconds: the pause before an entry is tried for the second time; each further one is
   * twice as long. Any of them may be up to half of it shorter.
   */
  readonly backoff: number
}

/** An implementation of `Inbox` that is tested. */
export interface ConformanceSubject {
  /**
   * Makes an inbox, not yet opened, on the store of this name: the same store for the same name,
   * an empty one for a name that was not used before. Names are of letters, digits and hyphens.
   */
  create (store: string, settings: ConformanceSettings): Inbox | Promise<Inbox>
  /** In milliseconds: how long the inbox may take for anything it is expected to do. Default: 20000. */
  readonly deadline?: number | undefined
}
