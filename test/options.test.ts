import { constants } from 'node:buffer'
import Fastify, { type FastifyBaseLogger, type FastifyServerOptions } from 'fastify'
import greenApi, { InvalidOptionError } from 'fastify-green-api'
import t from 'tap'
import { resolveOptions } from '../lib/options.ts'
import { build, collect, only, post, token } from './helpers/app.ts'
import { MemoryInbox } from './helpers/fixtures/memory-inbox.ts'
import { menuSent } from './helpers/fixtures/notifications.ts'
import { until } from './helpers/until.ts'

const instance = { idInstance: 1101, apiTokenInstance: 'd75b3a66374942c5b3c019c698abc2067e151558acbd412345' }

t.test('register throws an InvalidOptionError with the fix when an option is wrong', async (t) => {
  const cases: Array<[Record<string, unknown> | undefined, RegExp]> = [
    [undefined, /^token is undefined \(is the environment variable set\?\): set it to the instance's webhookUrlToken/],
    [{}, /^token is undefined/],
    [{ token: undefined }, /^token is undefined/],
    [{ token: null }, /^token is not a string/],
    [{ token: '' }, /^token is empty.*or to false to accept anyone/],
    [{ token: true }, /^token is not a string/],
    [{ token: 5 }, /^token is not a string/],
    [{ token: [] }, /^token is an empty list/],
    [{ token: ['a', ''] }, /^token is empty/],
    [{ token: ['a', undefined] }, /^token is undefined/],
    [{ token: {} }, /^token is an empty object/],
    [{ token: { 1: '' } }, /^token of instance "1" is empty/],
    [{ token: { 1: undefined } }, /^token of instance "1" is undefined/],
    [{ token: { 1: [] } }, /^token of instance "1" is an empty list/],
    [{ token: { 1: false } }, /^token of instance "1" is not a string/],
    [{ token: { '': 'a' } }, /^token has "" for an idInstance: write the number/],
    [{ token: { ' 1101 ': 'a' } }, /^token has " 1101 " for an idInstance/],
    [{ token: { abc: 'x' } }, /^token has "abc" for an idInstance: write the number from GREEN-API's console$/],
    [{ token: { 1101: 'x', waInstance1102: 'y' } }, /^token has "waInstance1102" for an idInstance/],
    [{ token: { 1.5: 'x' } }, /^token has "1.5" for an idInstance/],
    [{ token: { undefined: 'x' } }, /^token has "undefined" for an idInstance/],
    [{ token: ' a' }, /^token has white space around it/],
    [{ token: 'a\n' }, /^token has white space around it/],
    [{ token: 'a\nb' }, /control character/],
    [{ token: 'a\x7fb' }, /control character/],
    [{ token, path: 'hook' }, /^path must be a string that starts with "\/"/],
    [{ token, path: '' }, /^path must/],
    [{ token, path: 5 }, /^path must/],
    [{ token, path: '/hook?secret=1' }, /^path must.*has no query/],
    [{ token, prefix: 'hooks' }, /^prefix must/],
    [{ token, prefix: 5 }, /^prefix must/],
    [{ token, bodyLimit: 0 }, /^bodyLimit must be a whole number of bytes between 1 and \d+/],
    [{ token, bodyLimit: '4mb' }, /^bodyLimit must/],
    [{ token, bodyLimit: 1.5 }, /^bodyLimit must/],
    [{ token, bodyLimit: 2 ** 31 }, /^bodyLimit must.*and \d+/],
    [{ token, bodyTimeout: 0 }, /^bodyTimeout must be a whole number of milliseconds/],
    [{ token, bodyTimeout: '30000' }, /^bodyTimeout must/],
    [{ token, bodyTimeout: Infinity }, /^bodyTimeout must/],
    [{ token, bodyTimeout: 2 ** 31 }, /^bodyTimeout must/],
    [{ path: false, poll: instance, bodyTimeout: 1 }, /^bodyTimeout requires a route, but path is false/],
    [{ token, timeout: 0 }, /^timeout must be a whole number of milliseconds/],
    [{ token, timeout: '150000' }, /^timeout must/],
    [{ token, timeout: Infinity }, /^timeout must/],
    [{ token, timeout: 2 ** 31 }, /^timeout must/],
    [{ token, attempts: 0 }, /^attempts must be a whole number above 0/],
    [{ token, attempts: NaN }, /^attempts must/],
    [{ token, logSerializers: { req: 5 } }, /^logSerializers must be an object of functions/],
    [{ token, logSerializers: null }, /^logSerializers must be an object of functions/],
    [{ poll: { idInstance: 1, apiTokenInstance: 'a' } }, /^token is undefined \(is the environment variable set\?\): set token, or set path to false to only poll$/],
    [{ token, inbox: './inbox' }, /^inbox must be an inbox, such as sqliteInbox/],
    [{ token, inbox: { add () {} } }, /^inbox must/],
    [{ token, inbox: null }, /^inbox must/],
    [{ token, logLevel: 5 }, /^logLevel must/],
    [{ token, logLevel: '' }, /^logLevel must/],
    [{ token, tokn: 'a' }, /^Unknown option `tokn`. Did you mean `token`\?$/],
    [{ tokn: 'a' }, /^Unknown option `tokn`. Did you mean `token`\?$/],
    [{ token, tokne: undefined }, /^Unknown option `tokne`. Did you mean `token`\?$/],
    [{ token, Token: 'a' }, /^Unknown option `Token`. Did you mean `token`\?$/],
    [{ token, paht: '/' }, /^Unknown option `paht`. Did you mean `path`\?$/],
    [{ token, pth: '/' }, /^Unknown option `pth`. Did you mean `path`\?$/],
    [{ token, prefx: '/' }, /^Unknown option `prefx`. Did you mean `prefix`\?$/],
    [{ token, polls: [] }, /^Unknown option `polls`. Did you mean `poll`\?$/],
    [{ token, timeOut: 5 }, /^Unknown option `timeOut`. Did you mean `timeout`\?$/],
    [{ token, timout: 5 }, /^Unknown option `timout`. Did you mean `timeout`\?$/],
    [{ token, atempt: 5 }, /^Unknown option `atempt`. Did you mean `attempts`\?$/],
    [{ token, inbx: 5 }, /^Unknown option `inbx`. Did you mean `inbox`\?$/],
    [{ token, bodyLimt: 5 }, /^Unknown option `bodyLimt`. Did you mean `bodyLimit`\?$/],
    [{ token, loglvl: 5 }, /^Unknown option `loglvl`. Did you mean `logLevel`\?$/],
    [{ token, logSerialisers: {} }, /^Unknown option `logSerialisers`. Did you mean `logSerializers`\?$/],
    [{ token, bodylimit: 5 }, /^Unknown option `bodylimit`. Did you mean `bodyLimit`\?$/],
    [{ token, tokens: ['a'] }, /^Unknown option `tokens`. Did you mean `token`\?$/],
    [{ path: false }, /^path: false requires poll: set poll, or remove path$/],
    [{ path: false, poll: undefined }, /^path: false requires poll/],
    [{ path: false, poll: instance, token }, /^token requires a route, but path is false/],
    [{ path: false, poll: instance, token: false }, /^token requires a route, but path is false/],
    [{ path: false, poll: instance, prefix: '/v1' }, /^prefix requires a route, but path is false/],
    [{ poll: instance }, /^token is undefined/],
    [{ token, poll: [] }, /^poll is an empty list: name an instance, or leave it out/],
    [{ token, poll: 'all' }, /^poll must be an instance, or a list of them/],
    [{ token, poll: null }, /^poll must/],
    [{ token, poll: [instance, 5] }, /^poll must/],
    [{ token, poll: { ...instance, token } }, /^Unknown option `token` for poll. Expected one of `apiUrl`, `idInstance`, `apiTokenInstance`, `receiveTimeout`, `retryDelay`\.$/],
    [{ token, poll: { ...instance, apiUrl: 'api.green-api.com' } }, /^apiUrl must be the instance's URL as GREEN-API's console shows it/],
    [{ token, poll: { ...instance, apiUrl: '' } }, /^apiUrl must/],
    [{ token, poll: { ...instance, apiUrl: 5 } }, /^apiUrl must/],
    [{ token, poll: { ...instance, apiUrl: 'ftp://api.green-api.com' } }, /^apiUrl must/],
    [{ token, poll: { ...instance, apiUrl: 'https://api.green-api.com/?a=1' } }, /^apiUrl must/],
    [{ token, poll: { ...instance, apiUrl: 'https://ada:secret@api.green-api.com' } }, /^apiUrl must/],
    [{ token, poll: { ...instance, idInstance: undefined } }, /^idInstance is undefined \(is the environment variable set\?\): set it to the number that GREEN-API's console shows/],
    [{ token, poll: { ...instance, idInstance: '' } }, /^idInstance must be the number/],
    [{ token, poll: { ...instance, idInstance: 'waInstance1101' } }, /^idInstance must/],
    [{ token, poll: { ...instance, idInstance: 1.5 } }, /^idInstance must/],
    [{ token, poll: { ...instance, idInstance: 1e21 } }, /^idInstance must/],
    [{ token, poll: { ...instance, idInstance: ['1101'] } }, /^idInstance must/],
    [{ token, poll: { ...instance, apiTokenInstance: undefined } }, /^apiTokenInstance is undefined \(is the environment variable set\?\): set it to the instance's apiTokenInstance/],
    [{ token, poll: { ...instance, apiTokenInstance: '' } }, /^apiTokenInstance is empty/],
    [{ token, poll: { ...instance, apiTokenInstance: 5 } }, /^apiTokenInstance is not a string/],
    [{ token, poll: { ...instance, apiTokenInstance: 'secret\n' } }, /^apiTokenInstance has a character that no such token has/],
    [{ token, poll: { ...instance, apiTokenInstance: 'a/b' } }, /^apiTokenInstance has a character/],
    [{ token, poll: { ...instance, receiveTimeout: 4 } }, /^receiveTimeout must be a whole number of seconds between 5 and 60/],
    [{ token, poll: { ...instance, receiveTimeout: 61 } }, /^receiveTimeout must/],
    [{ token, poll: { ...instance, receiveTimeout: 5.5 } }, /^receiveTimeout must/],
    [{ token, poll: { ...instance, receiveTimeout: '20' } }, /^receiveTimeout must/],
    [{ token, poll: { ...instance, retryDelay: 0 } }, /^retryDelay must be a whole number of milliseconds/],
    [{ token, poll: { ...instance, retryDelay: 2 ** 31 } }, /^retryDelay must/],
    [{ token, poll: [instance, { ...instance, idInstance: '1101', apiUrl: 'https://API.green-api.com/' }] }, /^poll has instance 1101 twice/]
  ]
  for (const [options, message] of cases) {
    const app = Fastify()
    // JavaScript callers have no compiler to warn them.
    app.register(greenApi, options as { token: string })
    const error = await app.ready().then(() => undefined, (error: unknown) => error)
    t.type(error, InvalidOptionError, JSON.stringify(options))
    t.match(error, { code: 'FST_GREEN_API_INVALID_OPTION', name: 'InvalidOptionError', message }, JSON.stringify(options))
  }
})

const hostOptions: Record<string, readonly string[]> = {
  Fastify: [
    'ajv', 'allowErrorHandlerOverride', 'allowUnsafeRegex', 'caseSensitive', 'childLoggerFactory', 'clientErrorHandler',
    'connectionTimeout', 'disableRequestLogging', 'exposeHeadRoutes', 'forceCloseConnections', 'frameworkErrors',
    'genReqId', 'handlerTimeout', 'http', 'http2', 'http2SessionTimeout', 'https', 'ignoreDuplicateSlashes',
    'ignoreTrailingSlash', 'jsonShorthand', 'keepAliveTimeout', 'logger', 'loggerInstance', 'maxParamLength',
    'maxRequestsPerSocket', 'onConstructorPoisoning', 'onProtoPoisoning', 'pluginTimeout', 'querystringParser',
    'requestIdHeader', 'requestIdLogLabel', 'requestTimeout', 'return503OnClosing', 'rewriteUrl', 'routerOptions',
    'schemaController', 'schemaErrorFormatter', 'serializerOpts', 'serverFactory', 'trustProxy', 'useSemicolonDelimiter'
  ],
  'fastify-cli': [
    'address', 'closeGraceDelay', 'commonPrefix', 'config', 'debug', 'debugHost', 'debugPort', 'followWatch', 'help',
    'ignoreWatch', 'import', 'includeHooks', 'inspectPort', 'lang', 'loggingModule', 'method', 'options', 'pluginOptions',
    'port', 'prettyLogs', 'require', 'skipOverride', 'socket', 'standardlint', 'trustProxyEnabled', 'trustProxyHop',
    'trustProxyIps', 'verboseWatch', 'watch', 'yaml'
  ],
  'an application': [
    'apiKey', 'app', 'auth', 'cache', 'colour', 'cors', 'data', 'database', 'db', 'env', 'features', 'host', 'index', 'info',
    'jwt', 'limit', 'log', 'mail', 'mongo', 'name', 'open', 'pass', 'pg', 'pool', 'proxy', 'queue', 'redis', 'role', 'root',
    'routes', 'secret', 'services', 'session', 'shop', 'stage', 'stats', 'url', 'version'
  ]
}

t.test('register ignores the options of the host, and logs their names', async (t) => {
  for (const [host, names] of Object.entries(hostOptions)) {
    await t.test(host, async (t) => {
      const lines: string[] = []
      const app = Fastify({ logger: { level: 'info', stream: { write: (line: string) => { lines.push(line) } } } })
      t.teardown(() => app.close())
      const options = { ...Object.fromEntries(names.map((name) => [name, true])), token }

      await app.register(greenApi, options)

      t.ok(app.hasRoute({ method: 'POST', url: '/green-api' }))
      t.match(JSON.parse(only(lines)), { level: 30, options: names, msg: 'ignored unknown options' })
    })
  }
})

t.test('the types refuse the options of the host', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  // @ts-expect-error -- options that are written in place are checked by name
  await app.register(greenApi, { token, trustProxy: true })
  // @ts-expect-error -- the same for a name of the application
  await app.register(greenApi, { token, path: '/second', config: {} })
})

t.test('resolveOptions adds the defaults', async (t) => {
  const { bodyLimit, bodyTimeout, timeout, attempts, inbox, polls, route } = resolveOptions({ token })

  t.strictSame({ bodyLimit, bodyTimeout, timeout, attempts, inbox, polls }, {
    bodyLimit: 4 * 1024 * 1024, bodyTimeout: 30_000, timeout: 150_000, attempts: 5, inbox: undefined, polls: []
  })
  t.match(route, { path: '/green-api', prefix: '' })
})

t.test('resolveOptions accepts the largest bodyLimit and an empty prefix', async (t) => {
  const options = { token, bodyLimit: constants.MAX_STRING_LENGTH, prefix: '' }

  t.match(resolveOptions(options), { bodyLimit: constants.MAX_STRING_LENGTH, route: { prefix: '' } })
})

t.test('register uses the defaults for options that are missing or undefined', async (t) => {
  const app = await build(t, { path: undefined, bodyLimit: undefined, bodyTimeout: undefined, timeout: undefined, attempts: undefined })
  t.ok(app.hasRoute({ method: 'POST', url: '/green-api' }))
})

t.test('register reads the options once and does not change them', async (t) => {
  const options = { token: ['first'], path: '/hook', attempts: 1 }
  const before = structuredClone(options)
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(greenApi, Object.freeze(options))
  t.strictSame(options, before)
  options.token.push('second')
  const response = await post(app, menuSent(), { url: '/hook', headers: { authorization: 'Bearer second' } })
  t.equal(response.statusCode, 401)
})

t.test('bodyLimit is the size of the largest body that is read', async (t) => {
  const text = JSON.stringify(menuSent())
  const app = await build(t, { bodyLimit: Buffer.byteLength(text) })
  const menus = collect(app, 'interactiveButtons')
  const unrecognized = collect(app, 'unrecognized')
  t.equal((await post(app, text)).statusCode, 200)
  t.equal((await post(app, text + ' ')).statusCode, 200)
  t.equal(menus.length, 1)
  t.match(only(unrecognized), { reason: 'too-large', raw: undefined, errors: [] })
})

t.test('logLevel and logSerializers apply to deliveries from an inbox', async (t) => {
  const lines: string[] = []
  const inbox = new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 })
  const options = { logLevel: 'debug', logSerializers: { id: () => 'an id' }, inbox } as const
  const app = await build(t, options, { logger: { level: 'warn', stream: { write: (line: string) => { lines.push(line) } } } })
  await app.ready()
  await post(app, menuSent())
  await until(() => lines.some((line) => /"id":"an id","outcome":"delivered"/.test(line)))
})

t.test('logLevel applies to the route of the plugin only', async (t) => {
  const lines: string[] = []
  const app = await build(t, { logLevel: 'silent' }, { logger: { level: 'info', stream: { write: (line: string) => { lines.push(line) } } } })
  app.get('/other', async () => 'other')
  await post(app, menuSent())
  t.strictSame(lines, [])
  await app.inject('/other')
  t.ok(lines.length > 0)
})

t.test('logSerializers apply to the route of the plugin only', async (t) => {
  const lines: string[] = []
  const app = await build(t, { logSerializers: { req: () => 'a notification' } }, { logger: { level: 'info', stream: { write: (line: string) => { lines.push(line) } } } })
  app.get('/other', async () => 'other')
  await app.inject('/other')
  t.notMatch(lines.join(), 'a notification')
  await post(app, menuSent())
  t.match(lines.join(), 'a notification')
})

t.test('register throws an InvalidOptionError when the host has no such log level', async (t) => {
  const cases: Record<string, FastifyServerOptions> = {
    'no logger': {},
    'a logger': { logger: { level: 'silent' } },
    'a logger with custom levels': { logger: { level: 'silent', customLevels: { shout: 35 } } },
    'a logger of another kind': { loggerInstance: foreignLogger({}) }
  }
  for (const [name, serverOptions] of Object.entries(cases)) {
    for (const options of [{ token }, { path: false, poll: instance }] as const) {
      await t.test(`${name}, ${Object.keys(options).join()}`, async (t) => {
        const app = Fastify(serverOptions)
        // The type only allows the standard levels.
        app.register(greenApi, { ...options, logLevel: 'loud' as 'info' })

        const message = /^Unknown logLevel `loud`\. Expected one of .*`warn`, .*`silent`\.$/
        await t.rejects(Promise.resolve(app.ready()), { code: 'FST_GREEN_API_INVALID_OPTION', message })
      })
    }
  }
  const app = Fastify()
  app.register(greenApi, { token, logLevel: 'wran' as 'warn' })
  await t.rejects(Promise.resolve(app.ready()), { message: 'Unknown logLevel `wran`. Did you mean `warn`?' })
})

t.test('register accepts the standard log levels, and the custom ones of the host', async (t) => {
  const cases: Array<[level: string, serverOptions: FastifyServerOptions]> = [
    ...['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].flatMap((level) => {
      return [{}, { logger: { level: 'silent' } }].map((options): [string, FastifyServerOptions] => [level, options])
    }),
    ['shout', { logger: { level: 'silent', customLevels: { shout: 35 } } }],
    ['verbose', { loggerInstance: foreignLogger({ verbose: 4 }) }]
  ]
  for (const [level, serverOptions] of cases) {
    const app = Fastify(serverOptions)
    t.teardown(() => app.close())
    // The type only allows the standard levels.
    app.register(greenApi, { token, logLevel: level as 'info' })
    await t.resolves(Promise.resolve(app.ready()), level)
  }
})

/** A logger that is not pino, such as winston's. */
function foreignLogger (levels: Record<string, number>): FastifyBaseLogger {
  const log = () => {}
  const logger = {
    level: 'info',
    levels,
    trace: log,
    debug: log,
    info: log,
    warn: log,
    error: log,
    fatal: log,
    silent: log,
    child: () => logger
  }
  // Fastify's type is pino's. It accepts any logger that has these methods.
  return logger as unknown as FastifyBaseLogger
}
