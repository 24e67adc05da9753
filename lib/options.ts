import { constants } from 'node:buffer'
import type { RegisterOptions, RouteShorthandOptions } from 'fastify'
import { assertOption, isPositiveInteger, isTimeout } from './util/check-options.ts'
import { InvalidOptionError } from './errors.ts'
import type { Inbox } from './inbox/inbox.ts'
import { resolvePoll, type PolledInstance, type ResolvedPoll } from './polling/options.ts'
import { resolveTokens, type Token, type Tokens } from './http/token.ts'

type LogLevel = NonNullable<RouteShorthandOptions['logLevel']>
type LogSerializers = NonNullable<RegisterOptions['logSerializers']>

/** What the plugin can be registered with: a route, with or without polling beside it, or polling alone. */
export type GreenApiOptions = WebhookOptions | PollingOnlyOptions

/** Options however notifications come. */
export interface BaseOptions {
  /** In bytes. Larger bodies are taken off the sender's queue and reported as `unrecognized`. Default: 4 MiB. */
  bodyLimit?: number | undefined
  /**
   * In milliseconds: how long an attempt waits for its listeners. Default: 150 000; GREEN-API
   * itself waits for 180 000.
   */
  timeout?: number | undefined
  /** How often a notification is tried before it is given up and reported as `failed`. Default: 5. */
  attempts?: number | undefined
  /**
   * Where notifications are stored before they are answered, to be delivered from there: what
   * `lmdbInbox` or `bullmqInbox` makes, or one of your own. Default: none, they are delivered
   * before they are answered.
   *
   * It belongs to the scope: its `timeout` and `attempts` are those of the registration that
   * brings it, and further registrations of the scope store in it too.
   */
  inbox?: Inbox | undefined
  /** Of this route, of polling and of deliveries from the inbox. Default: the host's. */
  logLevel?: LogLevel
  /** Of the same. Default: the host's. */
  logSerializers?: LogSerializers
}

/** Options with a route that GREEN-API posts to. */
export interface WebhookOptions extends BaseOptions {
  /**
   * Who may post: the instance's `webhookUrlToken`.
   *
   * Several in a list, while one replaces another. By `idInstance`, where instances have tokens
   * of their own: each then speaks only for its instance. `false`: anyone may post. What is
   * empty or `undefined` throws, so that an environment variable that is not set never opens
   * the door.
   */
  token: Token | undefined
  /** Where the route is. Default: `'/green-api'`. */
  path?: string | undefined
  /** Put before `path`, in addition to the prefix of the surrounding scope. Default: `''`. */
  prefix?: string
  /** Further instances, one or several, whose notifications are asked for; their `webhookUrl` must be empty. Default: none. */
  poll?: PolledInstance | readonly PolledInstance[] | undefined
}

/** Options without a route: notifications are asked for, and nobody can post any. */
export interface PollingOnlyOptions extends BaseOptions {
  /** No route. */
  path: false
  /** The instances, one or several, whose notifications are asked for; their `webhookUrl` must be empty. */
  poll: PolledInstance | readonly PolledInstance[]
  /** Nobody posts, so there is nothing to know them by. */
  token?: undefined
  /** There is no path to put it before. */
  prefix?: never
}

/** The options, complete. */
export interface ResolvedOptions {
  /** Where GREEN-API posts to, if anywhere. */
  readonly route: ResolvedRoute | undefined
  readonly polls: readonly ResolvedPoll[]
  readonly bodyLimit: number
  readonly timeout: number
  readonly attempts: number
  readonly inbox: Inbox | undefined
  readonly logLevel: LogLevel | undefined
  readonly logSerializers: LogSerializers | undefined
}

/** Where GREEN-API posts to, and who may. */
export interface ResolvedRoute {
  readonly tokens: Tokens
  readonly path: string
  readonly prefix: string
}

const known = new Set(['token', 'path', 'prefix', 'poll', 'bodyLimit', 'timeout', 'attempts', 'inbox', 'logLevel', 'logSerializers'])

/**
 * Checks the options and completes them with their defaults.
 *
 * @throws {InvalidOptionError} with a sentence that says what to write instead
 */
export function resolveOptions (options: GreenApiOptions): ResolvedOptions {
  for (const name of Object.keys(options)) {
    if (!known.has(name)) throw new InvalidOptionError(`${name} is no option: write one of ${[...known].join(', ')}`)
  }
  const { bodyLimit = 4 * 1024 * 1024, timeout = 150_000, attempts = 5, inbox, logLevel, logSerializers } = options
  const polls = resolvePoll(options.poll)
  const route = resolveRoute(options, polls.length > 0)
  assertOption(isPositiveInteger(bodyLimit) && bodyLimit <= constants.MAX_STRING_LENGTH, `bodyLimit must be a whole number of bytes above 0 and at most ${constants.MAX_STRING_LENGTH}, such as 4194304`)
  assertOption(isTimeout(timeout), 'timeout must be a whole number of milliseconds between 1 and 2147483647, such as 150000')
  assertOption(isPositiveInteger(attempts), 'attempts must be a whole number above 0, such as 5')
  assertOption(inbox === undefined || isInbox(inbox), 'inbox must be what makes an inbox returns, such as lmdbInbox({ path: "./inbox" })')
  assertOption(logLevel === undefined || isName(logLevel), 'logLevel must be the name of a level, such as "warn"')
  assertOption(logSerializers === undefined || isSerializers(logSerializers), 'logSerializers must be an object of functions, such as { req: (request) => ({ url: request.url }) }')
  return { route, polls, bodyLimit, timeout, attempts, inbox, logLevel, logSerializers }
}

function resolveRoute ({ token, path = '/green-api', prefix }: GreenApiOptions, polls: boolean): ResolvedRoute | undefined {
  if (path === false) {
    assertOption(polls, 'path is false, and nothing is polled: name the instances in poll, or leave out path')
    assertOption(token === undefined, 'token is for a route, and path is false: leave out one of the two')
    assertOption(prefix === undefined, 'prefix is for a route, and path is false: leave out one of the two')
    return undefined
  }
  assertOption(token !== undefined || !polls, 'token is undefined (is the environment variable set?): set it for the route, or set path to false to poll alone')
  const tokens = resolveTokens(token)
  assertOption(typeof path === 'string' && /^\/[^?#]*$/.test(path), 'path must be a string that starts with "/" and has no query, such as "/webhooks/green-api"')
  assertOption(prefix === undefined || (typeof prefix === 'string' && /^(?:\/|$)/.test(prefix)), 'prefix must be a string that starts with "/", such as "/webhooks"')
  return { tokens, path, prefix: prefix ?? '' }
}

const inboxMethods = Object.keys({
  open: true, start: true, add: true, pendingCount: true, deadLetterCount: true, deadLetters: true, retry: true, discard: true, close: true
} satisfies Record<keyof Inbox, true>)

function isInbox (value: unknown): boolean {
  return typeof value === 'object' && value !== null && inboxMethods.every((name) => typeof Reflect.get(value, name) === 'function')
}

function isSerializers (value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((serializer) => typeof serializer === 'function')
}

function isName (value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
