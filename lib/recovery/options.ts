import { resolveCredentials, type Credentials } from '../green-api/index.ts'
import type { FindInstances, ResolvedPoll } from '../polling/index.ts'
import { assertKnownOptions, assertOption, isTimeout } from '../util/check-options.ts'
import { parseDuration, type Duration } from '../util/duration.ts'

/** What the plugin needs to call GREEN-API's methods for an instance. */
export interface InstanceCredentials {
  /** The instance's `apiUrl`. Default: `'https://api.green-api.com'`. */
  apiUrl?: string | undefined
  /** The instance's number, as GREEN-API's console shows it. `undefined` throws. */
  idInstance: string | number | undefined
  /**
   * The instance's `apiTokenInstance`, which is a secret. An empty string or `undefined` throws, so that a missing
   * environment variable is noticed at the start.
   */
  apiTokenInstance: string | undefined
}

/**
 * Returns the instances whose journals are read, so that instances come and go without a restart. It is called when the
 * server is ready, and then every 60 s. If it fails, that is logged as an error, and the instances stay as they are.
 */
export type CredentialsLookup = () => InstanceCredentials | readonly InstanceCredentials[] |
  PromiseLike<InstanceCredentials | readonly InstanceCredentials[]>

/**
 * The option `recover`. A duration is a number of milliseconds, or a text such as `'30 s'`, `'5 min'` or `'24 h'`.
 *
 * @example
 * await app.register(greenApi, {
 *   token: process.env.GREEN_API_WEBHOOK_TOKEN,
 *   inbox: sqliteInbox({ path: './inbox.db' }),
 *   recover: { every: '5 min', instances: { idInstance: '1101000001', apiTokenInstance: process.env.GREEN_API_TOKEN } }
 * })
 */
export interface RecoverOptions {
  /**
   * The instances whose journals are read, in addition to those of the option `poll`: one, a list, or a function that
   * returns them. Default: only those of `poll`. Without either, the option throws.
   */
  instances?: InstanceCredentials | readonly InstanceCredentials[] | CredentialsLookup | undefined
  /**
   * The pause between two passes, at least 1 s. A pass makes up to six requests for each instance, one after the other.
   * Default: `'5 min'`.
   */
  every?: Duration | undefined
  /**
   * How old a message can be to be recovered: at most 24 h, because GREEN-API keeps its journals no longer.
   * Default: `'24 h'`.
   *
   * With an inbox, the first pass of a process goes back this far, because the inbox knows what was handled. A new
   * inbox knows nothing. Start it once with a short `reach`, or your listeners receive the messages of the last day.
   * Without an inbox, see `overlap`.
   */
  reach?: Duration | undefined
  /**
   * How old a message must be to be recovered, so that a notification that is only late is not recovered.
   * Default: `'3 min'`.
   *
   * While notifications wait in GREEN-API's queue, for example because the server was down, a message must be this much
   * older than the notification that arrived last, or older than half of `reach`.
   */
  grace?: Duration | undefined
  /**
   * Without an inbox, nobody knows what was handled before the process started. So only messages from the start of the
   * process on are recovered, and those of this time before it. The listeners receive those a second time if the
   * previous process had handled them. Default: 0 ms.
   */
  overlap?: Duration | undefined
}

/** A `CredentialsLookup` that checks what it returns. */
export type FindCredentials = () => Promise<Credentials[]>

/** The option `recover` after validation, with all defaults filled in. All durations are in milliseconds. */
export interface ResolvedRecover {
  readonly instances: readonly Credentials[] | FindCredentials
  readonly every: number
  readonly reach: number
  readonly grace: number
  readonly overlap: number
}

/** How far GREEN-API's journals go back, in milliseconds. */
export const journalsReachMs = 24 * 60 * 60 * 1000

/**
 * Validates the option `recover` and fills in its defaults.
 *
 * @throws {InvalidOptionError} when an option is wrong
 */
export function resolveRecover (
  recover: true | RecoverOptions, polls: readonly ResolvedPoll[] | FindInstances
): ResolvedRecover {
  const options = recover === true ? {} : recover
  assertKnownOptions(options, 'recover', ['instances', 'every', 'reach', 'grace', 'overlap'])
  const { instances } = options
  const every = parseDuration(options.every ?? '5 min', 'recover.every')
  const reach = parseDuration(options.reach ?? '24 h', 'recover.reach')
  const grace = parseDuration(options.grace ?? '3 min', 'recover.grace')
  const overlap = parseDuration(options.overlap ?? 0, 'recover.overlap')
  assertOption(every >= 1000 && isTimeout(every), 'recover.every must be between 1 s and 596 h, such as "5 min"')
  assertOption(reach <= journalsReachMs, 'recover.reach must be at most 24 h: GREEN-API keeps its journals no longer')
  assertOption(grace < reach, 'recover.grace must be shorter than recover.reach, such as "3 min"')
  const find = combine(instances, polls)
  assertOption(
    typeof find === 'function' || find.length > 0,
    'recover has no instances: set recover.instances to { idInstance, apiTokenInstance }, or use it together with poll'
  )
  return { instances: find, every, reach, grace, overlap }
}

function combine (
  instances: RecoverOptions['instances'], polls: readonly ResolvedPoll[] | FindInstances
): readonly Credentials[] | FindCredentials {
  const isConstant = typeof instances !== 'function' && typeof polls !== 'function'
  if (isConstant) return distinct(toList(instances), polls)
  return async () => {
    return distinct(
      toList(typeof instances === 'function' ? await instances() : instances),
      typeof polls === 'function' ? await polls() : polls
    )
  }
}

function toList (instances: unknown): Credentials[] {
  if (instances === undefined) return []
  const list: unknown[] = Array.isArray(instances) ? instances : [instances]
  return list.map((instance) => {
    assertKnownOptions(Object(instance), 'recover.instances', ['apiUrl', 'idInstance', 'apiTokenInstance'])
    return resolveCredentials(Object(instance))
  })
}

/** The credentials of both lists, each instance once. */
function distinct (instances: readonly Credentials[], polls: readonly Credentials[]): Credentials[] {
  const all = [...instances, ...polls].map(({ apiUrl, idInstance, apiTokenInstance }) => {
    return [`${apiUrl} ${idInstance}`, { apiUrl, idInstance, apiTokenInstance }] as const
  })
  return [...new Map(all).values()]
}
