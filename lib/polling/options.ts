import { resolveCredentials } from '../green-api/index.ts'
import { assertOption, assertKnownOptions, isTimeout } from '../util/check-options.ts'

/** An instance to poll: its notifications are received with GREEN-API's method `receiveNotification`. */
export interface PolledInstance {
  /** The instance's `apiUrl`. Default: `'https://api.green-api.com'`. */
  apiUrl?: string | undefined
  /** The instance's number, as GREEN-API's console shows it. `undefined` throws. */
  idInstance: string | number | undefined
  /**
   * The instance's `apiTokenInstance`, which is a secret. An empty string or `undefined` throws, so that a missing
   * environment variable is noticed at the start.
   */
  apiTokenInstance: string | undefined
  /**
   * How long GREEN-API waits for a notification before it answers that there is none: 5 to 60 seconds. Default: 20 s.
   *
   * This is the only option in seconds, because GREEN-API's parameter of the same name is.
   */
  receiveTimeout?: number | undefined
  /**
   * The delay after a listener failed, before the notification is received again. Default: 60 000 ms, which is
   * GREEN-API's own delay for webhooks.
   */
  retryDelay?: number | undefined
}

/**
 * Returns the instances to poll, to add and remove instances without a restart.
 *
 * It is called when the server is ready, and then every 60 s. A new instance is polled from then on. An instance that
 * is no longer in the list is no longer polled. An instance whose values changed is stopped, and polled again from the
 * next call on. The list can be empty.
 *
 * If it throws, rejects, returns an invalid list or does not return within 10 s, an error is logged, and the instances
 * stay as they are.
 */
export type PollLookup = () => PolledInstance | readonly PolledInstance[] |
  PromiseLike<PolledInstance | readonly PolledInstance[]>

/** A `PollLookup` that checks what it returns. */
export type FindInstances = () => Promise<ResolvedPoll[]>

/** A `PolledInstance` after validation, with all defaults filled in. */
export interface ResolvedPoll {
  /** Without a slash at the end. */
  readonly apiUrl: string
  readonly idInstance: string
  readonly apiTokenInstance: string
  /** In seconds. */
  readonly receiveTimeout: number
  /** In milliseconds. */
  readonly retryDelay: number
}

/**
 * Validates the option `poll` and fills in its defaults.
 *
 * @throws {InvalidOptionError} when an option is wrong
 */
export function resolvePoll (poll: unknown): ResolvedPoll[] | FindInstances {
  if (poll === undefined) return []
  if (typeof poll === 'function') return async () => resolveList(await poll())
  assertOption(!Array.isArray(poll) || poll.length > 0, 'poll is an empty list: name an instance, or leave it out')
  return resolveList(poll)
}

function resolveList (poll: unknown): ResolvedPoll[] {
  const instances: unknown[] = Array.isArray(poll) ? poll : [poll]
  const resolved = instances.map(resolveInstance)
  for (const [index, { apiUrl, idInstance }] of resolved.entries()) {
    const first = resolved.findIndex((other) => other.apiUrl === apiUrl && other.idInstance === idInstance)
    assertOption(
      first === index,
      `poll has instance ${idInstance} twice: list it once. Two pollers would each get only some of its notifications`
    )
  }
  return resolved
}

/**
 * Validates one instance of the option `poll` and fills in its defaults.
 *
 * @throws {InvalidOptionError} when an option is wrong
 */
export function resolveInstance (instance: unknown): ResolvedPoll {
  assertOption(
    typeof instance === 'object' && instance !== null,
    'poll must be an instance, or a list of them, such as { idInstance, apiTokenInstance }'
  )
  assertKnownOptions(instance, 'poll', ['apiUrl', 'idInstance', 'apiTokenInstance', 'receiveTimeout', 'retryDelay'])
  const {
    apiUrl, idInstance, apiTokenInstance, receiveTimeout = 20, retryDelay = 60_000
  }: Readonly<Record<string, unknown>> = { ...instance }
  assertOption(
    Number.isInteger(receiveTimeout) && Number(receiveTimeout) >= 5 && Number(receiveTimeout) <= 60,
    'receiveTimeout must be a whole number of seconds between 5 and 60, such as 20'
  )
  assertOption(
    isTimeout(retryDelay),
    'retryDelay must be a whole number of milliseconds between 1 and 2147483647, such as 60000'
  )
  return {
    ...resolveCredentials({ apiUrl, idInstance, apiTokenInstance }),
    receiveTimeout: Number(receiveTimeout),
    retryDelay: Number(retryDelay)
  }
}
