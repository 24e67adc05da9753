import { constants } from 'node:buffer'
import type { RegisterOptions, RouteShorthandOptions } from 'fastify'
import { check, isCount, isTimeout } from './check-options.ts'
import { InvalidOptionError } from './errors.ts'
import type { Inbox } from './inbox/inbox.ts'

type LogLevel = NonNullable<RouteShorthandOptions['logLevel']>
type LogSerializers = NonNullable<RegisterOptions['logSerializers']>

/** Which tokens GREEN-API may send, for whom; see `GreenApiOptions.token`. */
export type Token = string | readonly string[] | Readonly<Record<string, string | readonly string[]>> | false

/** What the plugin can be registered with. */
export interface GreenApiOptions {
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
  /** In bytes. Larger bodies are answered 200 and reported as `unrecognized`. Default: 4 MiB. */
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
  /** Of this route. Default: the host's. */
  logLevel?: LogLevel
  /** Of this route. Default: the host's. */
  logSerializers?: LogSerializers
}

/** Whose tokens are accepted: nobody's are asked for, these speak for all, or each for its instance. */
export type Tokens = false | string[] | Map<string, string[]>

/** The options, complete. */
export interface Settings {
  readonly tokens: Tokens
  readonly path: string
  readonly prefix: string
  readonly bodyLimit: number
  readonly timeout: number
  readonly attempts: number
  readonly inbox: Inbox | undefined
  readonly logLevel: LogLevel | undefined
  readonly logSerializers: LogSerializers | undefined
}

const known = new Set(['token', 'path', 'prefix', 'bodyLimit', 'timeout', 'attempts', 'inbox', 'logLevel', 'logSerializers'])

/**
 * Checks the options and completes them with their defaults.
 *
 * @throws {InvalidOptionError} with a sentence that says what to write instead
 */
export function resolveOptions (options: GreenApiOptions): Settings {
  for (const name of Object.keys(options)) {
    if (!known.has(name)) throw new InvalidOptionError(`${name} is no option: write one of ${[...known].join(', ')}`)
  }
  const { path = '/green-api', prefix = '', bodyLimit = 4 * 1024 * 1024, timeout = 150_000, attempts = 5, inbox, logLevel, logSerializers } = options
  check(typeof path === 'string' && /^\/[^?#]*$/.test(path), 'path must be a string that starts with "/" and has no query, such as "/webhooks/green-api"')
  check(typeof prefix === 'string' && (prefix === '' || prefix.startsWith('/')), 'prefix must be a string that starts with "/", such as "/webhooks"')
  check(isCount(bodyLimit) && bodyLimit <= constants.MAX_STRING_LENGTH, `bodyLimit must be a whole number of bytes above 0 and at most ${constants.MAX_STRING_LENGTH}, such as 4194304`)
  check(isTimeout(timeout), 'timeout must be a whole number of milliseconds between 1 and 2147483647, such as 150000')
  check(isCount(attempts), 'attempts must be a whole number above 0, such as 5')
  check(inbox === undefined || isInbox(inbox), 'inbox must be what makes an inbox returns, such as lmdbInbox({ path: "./inbox" })')
  check(logLevel === undefined || isName(logLevel), 'logLevel must be the name of a level, such as "warn"')
  return { tokens: resolveTokens(options.token), path, prefix, bodyLimit, timeout, attempts, inbox, logLevel, logSerializers }
}

function resolveTokens (token: unknown): Tokens {
  if (token === false) return false
  if (typeof token !== 'object' || token === null || Array.isArray(token)) return resolveList(token, 'token')
  const entries = Object.entries(token)
  check(entries.length > 0, `token names no instance: ${cure}`)
  return new Map(entries.map(([idInstance, tokens]) => {
    check(/^\S+$/.test(idInstance), `token has "${idInstance}" for an idInstance: write the number that GREEN-API's console shows`)
    return [idInstance, resolveList(tokens, `token of instance "${idInstance}"`)]
  }))
}

const cure = "set it to the instance's webhookUrlToken, to a list of tokens, to a record of them by idInstance, or to false to accept anyone"

function resolveList (token: unknown, subject: string): string[] {
  const tokens: unknown[] = Array.isArray(token) ? token : [token]
  check(tokens.length > 0, `${subject} is an empty list: ${cure}`)
  return tokens.map((each) => {
    check(each !== undefined, `${subject} is undefined, as an environment variable that is not set is: ${cure}`)
    check(typeof each === 'string', `${subject} is not a string: ${cure}`)
    check(each !== '', `${subject} is empty: ${cure}`)
    // A header loses such characters on its way: the token would never match.
    // eslint-disable-next-line no-control-regex
    check(each === each.trim() && !/[\0-\x1f\x7f]/.test(each), `${subject} has white space around it or a control character in it: remove that`)
    return each
  })
}

const inboxMethods: ReadonlyArray<keyof Inbox> = ['open', 'start', 'add', 'size', 'failed', 'retry', 'discard', 'close']

function isInbox (value: unknown): boolean {
  return typeof value === 'object' && value !== null && inboxMethods.every((name) => typeof Reflect.get(value, name) === 'function')
}

function isName (value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
