import { constants } from 'node:buffer'
import type { FastifyBaseLogger, RegisterOptions, RouteShorthandOptions } from 'fastify'
import { resolveTokens, type ResolvedRoute, type Token } from './http/index.ts'
import type { Inbox } from './inbox/index.ts'
import {
  resolvePoll, type FindInstances, type PolledInstance, type PollLookup, type ResolvedPoll
} from './polling/index.ts'
import type { RecoverOptions } from './recovery/index.ts'
import { assertKnownName, assertNoTypos, assertOption, isPositiveInteger, isTimeout } from './util/check-options.ts'
import { levelNames } from './util/logging.ts'

type LogLevel = NonNullable<RouteShorthandOptions['logLevel']>
type LogSerializers = NonNullable<RegisterOptions['logSerializers']>

/** The options of the plugin: a webhook route, a webhook route and polling, or polling only. */
export type GreenApiOptions = WebhookOptions | PollingOnlyOptions

/** The options that do not depend on how notifications arrive. */
export interface BaseOptions {
  /**
   * The largest body that is read, in bytes. A larger body is answered 200 and emitted as `unrecognized`.
   * Default: 4 MiB.
   */
  bodyLimit?: number | undefined
  /**
   * How long an attempt waits for its listeners, in milliseconds. Default: 150 000 ms.
   *
   * GREEN-API itself waits 180 000 ms for an answer.
   */
  timeout?: number | undefined
  /** How many times a notification is attempted before it is emitted as `failed`. Default: 5. */
  attempts?: number | undefined
  /**
   * The inbox that stores notifications before they are answered, and from which they are delivered.
   * Default: none, notifications are delivered before they are answered.
   *
   * Pass the result of `sqliteInbox()`, of `bullmqInbox()`, or an inbox of your own. All registrations of a
   * scope share its inbox. The `timeout` and `attempts` of the registration that passes the inbox apply to
   * its deliveries.
   */
  inbox?: Inbox | undefined
  /**
   * Recovers messages and calls that GREEN-API never sent: reads the journals of the instances, and delivers what no
   * notification has brought, with `recovered: true`. When its notification arrives later, it is a repeat.
   * Default: `false`.
   *
   * - `true`: for the instances of the option `poll`.
   * - `RecoverOptions`: for these and other instances, and with other times.
   *
   * If several processes receive the notifications of an instance, they need an inbox that they share, such as that of
   * `bullmqInbox()`: one of them reads the journals at a time. Without one, only a single process may use this option.
   */
  recover?: boolean | RecoverOptions | undefined
  /**
   * The log level for this route, for polling and for deliveries from the inbox. Default: the level of the Fastify app.
   *
   * A level that the logger of the app does not have throws.
   */
  logLevel?: LogLevel
  /** The log serializers for this route, for polling and for deliveries from the inbox. Default: those of the app. */
  logSerializers?: LogSerializers
}

/** The options of a registration with a webhook route. */
export interface WebhookOptions extends BaseOptions {
  /**
   * The `webhookUrlToken` to accept:
   *
   * - `string`: this token.
   * - `string[]`: any of these tokens, for rotation.
   * - `{ [idInstance]: string | string[] }`: tokens by instance. A token is valid for its own instance only.
   * - `(idInstance) => string | string[] | undefined`, or a promise of it: looks up the tokens of an instance,
   *   to add and remove instances without a restart. See `TokenLookup`.
   * - `false`: no authentication.
   *
   * An empty or undefined token throws, so that a missing environment variable does not open the route.
   */
  token: Token | undefined
  /** The path of the route. Default: `'/green-api'`. */
  path?: string | undefined
  /** A prefix for `path`, in addition to the prefix of the scope. Default: `''`. */
  prefix?: string
  /**
   * How long the route waits for the rest of a body, in milliseconds. A request that is not complete by then is
   * answered 408. Default: 30 000 ms.
   */
  bodyTimeout?: number | undefined
  /**
   * One or several instances to poll, in addition to the route, or a function that returns them. Their `webhookUrl`
   * must be empty. Default: none.
   */
  poll?: PolledInstance | readonly PolledInstance[] | PollLookup | undefined
}

/** The options of a registration that only polls, without a webhook route. */
export interface PollingOnlyOptions extends BaseOptions {
  /** No route. */
  path: false
  /** One or several instances to poll, or a function that returns them. Their `webhookUrl` must be empty. */
  poll: PolledInstance | readonly PolledInstance[] | PollLookup
  /** Not used without a route. */
  token?: undefined
  /** Not used without a route. */
  prefix?: never
  /** Not used without a route. */
  bodyTimeout?: undefined
}

/** The checked options, with defaults. */
export interface ResolvedOptions {
  /** `undefined` if the registration only polls. */
  readonly route: ResolvedRoute | undefined
  readonly polls: readonly ResolvedPoll[] | FindInstances
  readonly bodyLimit: number
  readonly bodyTimeout: number
  readonly timeout: number
  readonly attempts: number
  readonly inbox: Inbox | undefined
  /** Checked when its code is loaded. */
  readonly recover: true | RecoverOptions | undefined
  readonly logLevel: LogLevel | undefined
  readonly logSerializers: LogSerializers | undefined
  /** The names that are not options of the plugin. */
  readonly ignored: readonly string[]
}

const optionNames = [
  'token', 'path', 'prefix', 'poll', 'bodyLimit', 'bodyTimeout', 'timeout', 'attempts', 'inbox', 'recover', 'logLevel',
  'logSerializers'
]

/** Applications often have an option `pool`, for their database. */
const foreignNames = ['pool']

/**
 * Checks the options and adds the defaults.
 *
 * Ignores the names that are not similar to its own: fastify-cli and @fastify/autoload pass the options of the
 * application, such as `trustProxy`, to all plugins.
 *
 * @throws {InvalidOptionError} if an option is wrong, or is a typo
 */
export function resolveOptions (options: GreenApiOptions): ResolvedOptions {
  const ignored = assertNoTypos(options, optionNames, foreignNames)
  const { bodyLimit = 4 * 1024 * 1024, bodyTimeout = 30_000, timeout = 150_000, attempts = 5 } = options
  const { inbox, recover, logLevel, logSerializers } = options
  const polls = resolvePoll(options.poll)
  const route = resolveRoute(options, typeof polls === 'function' || polls.length > 0)
  assertOption(
    isPositiveInteger(bodyLimit) && bodyLimit <= constants.MAX_STRING_LENGTH,
    `bodyLimit must be a whole number of bytes between 1 and ${constants.MAX_STRING_LENGTH}, such as 4194304`
  )
  assertOption(
    isTimeout(bodyTimeout),
    'bodyTimeout must be a whole number of milliseconds between 1 and 2147483647, such as 30000'
  )
  assertOption(
    isTimeout(timeout),
    'timeout must be a whole number of milliseconds between 1 and 2147483647, such as 150000'
  )
  assertOption(isPositiveInteger(attempts), 'attempts must be a whole number above 0, such as 5')
  assertOption(
    inbox === undefined || isInbox(inbox),
    'inbox must be an inbox, such as sqliteInbox({ path: "./inbox.db" }) returns'
  )
  assertOption(
    logLevel === undefined || isNonEmptyString(logLevel),
    'logLevel must be the name of a log level, such as "warn"'
  )
  assertOption(
    logSerializers === undefined || isSerializers(logSerializers),
    'logSerializers must be an object of functions, such as { req: (request) => ({ url: request.url }) }'
  )
  return {
    route,
    polls,
    bodyLimit,
    bodyTimeout,
    timeout,
    attempts,
    inbox,
    recover: recover === false ? undefined : recover,
    logLevel,
    logSerializers,
    ignored
  }
}

/**
 * Checks that the host's logger has the level.
 *
 * @throws {InvalidOptionError} if it does not
 */
export function assertLogLevel (level: LogLevel | undefined, log: FastifyBaseLogger): void {
  if (level !== undefined) assertKnownName(level, 'logLevel', levelNames(log))
}

function resolveRoute (
  { token, path = '/green-api', prefix, bodyTimeout }: GreenApiOptions,
  hasPoll: boolean
): ResolvedRoute | undefined {
  if (path === false) {
    assertOption(hasPoll, 'path: false requires poll: set poll, or remove path')
    assertOption(token === undefined, 'token requires a route, but path is false: remove token or path')
    assertOption(prefix === undefined, 'prefix requires a route, but path is false: remove prefix or path')
    assertOption(
      bodyTimeout === undefined, 'bodyTimeout requires a route, but path is false: remove bodyTimeout or path'
    )
    return undefined
  }
  assertOption(
    token !== undefined || !hasPoll,
    'token is undefined (is the environment variable set?): set token, or set path to false to only poll'
  )
  const tokens = resolveTokens(token)
  assertOption(
    typeof path === 'string' && /^\/[^?#]*$/.test(path),
    'path must be a string that starts with "/" and has no query, such as "/webhooks/green-api"'
  )
  assertOption(
    prefix === undefined || (typeof prefix === 'string' && /^(?:\/|$)/.test(prefix)),
    'prefix must be a string that starts with "/", such as "/webhooks"'
  )
  return { tokens, path, prefix: prefix ?? '' }
}

const inboxMethods = Object.keys({
  open: true,
  start: true,
  add: true,
  pendingCount: true,
  deadLetterCount: true,
  deadLetters: true,
  retry: true,
  discard: true,
  close: true
} satisfies Record<Exclude<keyof Inbox, 'lock'>, true>)

function isInbox (value: unknown): boolean {
  return typeof value === 'object' && value !== null &&
    inboxMethods.every((name) => typeof Reflect.get(value, name) === 'function')
}

function isSerializers (value: unknown): boolean {
  return typeof value === 'object' && value !== null &&
    Object.values(value).every((serializer) => typeof serializer === 'function')
}

function isNonEmptyString (value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
