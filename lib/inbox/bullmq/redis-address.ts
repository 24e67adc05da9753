import type { Redis, RedisOptions } from 'ioredis'
import { assertOption } from '../../util/check-options.ts'

/**
 * The address of Redis:
 *
 * - a URL such as `redis://127.0.0.1:6379`, `rediss://…` for TLS, `127.0.0.1:6379`, or the path of a socket
 * - a port of this machine
 * - options of `ioredis`, also with a `url`
 * - a client of `ioredis`, whose options are used for new connections
 */
export type RedisAddress = string | number | URL | RedisOptions & { url?: string } | Redis

/** An address in one form: options of `ioredis`, and perhaps a URL, which has priority over them. */
export interface ResolvedAddress {
  readonly url: string | undefined
  readonly options: RedisOptions
}

/** Names of options that people use by mistake, because other clients have them. `ioredis` ignores them. */
const otherNames: Readonly<Record<string, string>> = {
  uri: 'url',
  connectionString: 'url',
  hostname: 'host',
  address: 'host',
  socket: 'host` and `port',
  user: 'username',
  pass: 'password',
  database: 'db'
}

const urlFix = 'write one such as redis://127.0.0.1:6379, rediss://… for TLS, or the path of a socket'

/**
 * Checks the option `connection`. No error contains a part of a URL, because that may be a password.
 *
 * @throws {InvalidOptionError} when `ioredis` would not use all of it
 */
export function resolveAddress (connection: unknown): ResolvedAddress {
  if (typeof connection === 'string') return { url: toUrl(connection), options: {} }
  if (connection instanceof URL) return { url: toUrl(connection.href), options: {} }
  if (typeof connection === 'number') return withOptions({ port: connection })
  assertOption(
    typeof connection === 'object' && connection !== null && isOptions(connection),
    "connection must be the address of Redis: options of ioredis, such as { host: '127.0.0.1', port: 6379 }, or a URL"
  )
  assertOption(
    !('isCluster' in connection && connection.isCluster === true) && !('redisOptions' in connection),
    'connection must be one Redis server. A Cluster of ioredis is not supported: pass the address of its endpoint'
  )
  if (!('duplicate' in connection)) return withOptions(connection)
  assertOption(
    'defineCommand' in connection && 'options' in connection && typeof connection.options === 'object',
    'connection must be a client of ioredis, the options of one, or a URL. Clients of other packages are not supported'
  )
  return withOptions({ ...connection.options })
}

// Not a list, a Map or a function, of which ioredis would read nothing.
function isOptions (value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]'
}

function withOptions (given: object): ResolvedAddress {
  for (const name of Object.keys(given)) {
    const right = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined
    assertOption(right === undefined, `Unknown option \`${name}\` for connection. Did you mean \`${right}\`?`)
  }
  const { url, ...options }: RedisOptions & { url?: unknown } = given
  assertOption(url === undefined || typeof url === 'string', `connection.url must be a string: ${urlFix}`)
  assertWholeNumber('port', options.port, 65_535)
  assertWholeNumber('db', options.db)
  return { url: url === undefined ? undefined : toUrl(url), options }
}

function assertWholeNumber (name: string, value: unknown, largest = Number.MAX_SAFE_INTEGER): void {
  const isWhole = value === undefined || value === null || (/^\d+$/.test(String(value)) && Number(value) <= largest)
  assertOption(isWhole, `connection.${name} must be a whole number`)
}

/** Returns a URL, or the path of a socket, that `ioredis` reads completely. */
function toUrl (text: string): string {
  assertOption(text !== '', `connection is empty (is the environment variable set?): ${urlFix}`)
  if (/^\/(?!\/)/.test(text)) return text
  const [scheme = ''] = /^[a-z][a-z\d+.-]*:\/\//i.exec(text) ?? []
  assertOption(['', 'redis://', 'rediss://'].includes(scheme.toLowerCase()), `connection is not a Redis URL: ${urlFix}`)
  // ioredis enables TLS only for the scheme in lower case.
  const url = `${scheme.toLowerCase() || 'redis://'}${text.slice(scheme.length).replace(scheme === '' ? /^\/\// : '', '')}`
  assertOption(
    isComplete(url),
    'connection is a Redis URL that cannot be parsed. The user name and the password must be percent-encoded, for ' +
    'example with encodeURIComponent: "/" is %2F, "#" is %23, "?" is %3F, "%" is %25'
  )
  return url
}

/** Whether every part of the URL has a meaning. An unescaped character of a password starts another part. */
function isComplete (url: string): boolean {
  try {
    const { username, password, pathname, search, hash } = new URL(url)
    decodeURIComponent(`${username}${password}`)
    return /^(?:\/\d*)?$/.test(pathname) && /^(?:\?(?:\w+=[^@]*)?)?$/.test(search) && hash === ''
  } catch {
    // The error of URL has the whole URL.
    return false
  }
}
