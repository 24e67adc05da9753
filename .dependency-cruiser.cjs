// Rooms, from the ground up. A room may import itself, the rooms that are listed for it, and npm packages.
const rooms = {
  util: [],
  schemas: [],
  body: [],
  events: ['schemas'],
  diagnostics: ['events'],
  recognition: ['schemas', 'body', 'events', 'diagnostics'],
  dedup: ['recognition'],
  'green-api': ['util', 'schemas', 'body'],
  inbox: ['util', 'body', 'events', 'recognition', 'dedup'],
  delivery: ['util', 'body', 'events', 'recognition', 'diagnostics', 'dedup', 'inbox'],
  http: ['util', 'schemas', 'body', 'recognition', 'diagnostics', 'delivery'],
  polling: ['util', 'body', 'events', 'recognition', 'delivery', 'green-api'],
  recovery: [
    'util', 'schemas', 'body', 'events', 'recognition', 'diagnostics', 'inbox', 'delivery', 'green-api', 'polling'
  ],
  sending: ['util', 'schemas', 'body', 'events', 'diagnostics', 'green-api'],
  metrics: ['util', 'events', 'diagnostics', 'delivery', 'inbox', 'green-api'],
  builders: ['schemas', 'events'],
  testing: ['util', 'events', 'recognition', 'diagnostics', 'delivery', 'http', 'green-api', 'builders'],
  emulator: ['util', 'schemas', 'green-api', 'builders'],
  dev: ['util', 'schemas', 'body', 'events', 'recognition', 'green-api', 'sending', 'builders', 'emulator'],
  cli: [
    'util', 'schemas', 'body', 'events', 'recognition', 'http', 'polling', 'green-api', 'builders', 'emulator', 'dev',
    'inbox', 'recovery'
  ]
}

/** Rooms whose files are independent of one another, so that each is imported by itself. */
const open = ['util', 'schemas']

// The example shop of dev/ is a server with the plugin.
const rootFiles = (room) => room === 'dev' ? '^lib/(?:errors|plugin)\\.ts$' : '^lib/errors\\.ts$'

const closed = Object.keys(rooms).filter((room) => !open.includes(room))

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, may]) => ({
      name: `${room}-imports`,
      comment: `${room} may import: ${may.join(', ') || 'no other room'}`,
      severity: 'error',
      from: { path: `^lib/${room}/` },
      to: { path: '^lib/', pathNot: `^lib/(?:${[room, ...may].join('|')})/|${rootFiles(room)}` }
    })),
    {
      name: 'plugin-without-extras',
      comment: 'what has a subpath export of its own is not part of the plugin',
      severity: 'error',
      from: { path: '^lib/[^/]+\\.ts$' },
      to: { path: '^lib/(?:metrics|testing|sending|emulator|dev|cli)/' }
    },
    {
      name: 'room-has-one-door',
      comment: 'a room is imported from outside through its index.ts only. The store of sqliteInbox is for the command line',
      severity: 'error',
      from: { path: '^lib/([^/]+)' },
      to: { path: `^lib/(?:${closed.join('|')})/`, pathNot: '^lib/$1/|^lib/[^/]+/index\\.ts$|^lib/inbox/sqlite/store\\.ts$' }
    },
    {
      name: 'package-index-is-for-users',
      comment: 'only package.json and the command line name lib/index.ts',
      severity: 'error',
      from: { path: '^lib/(?!cli/)' },
      to: { path: '^lib/index\\.ts$' }
    },
    { name: 'sqlite-without-bullmq', severity: 'error', from: { path: '^lib/inbox/sqlite/' }, to: { path: '^lib/inbox/bullmq/' } },
    { name: 'bullmq-without-sqlite', severity: 'error', from: { path: '^lib/inbox/bullmq/' }, to: { path: '^lib/inbox/sqlite/' } },
    {
      name: 'conformance-without-stores',
      severity: 'error',
      from: { path: '^lib/inbox/conformance/' },
      to: { path: '^lib/inbox/(?:sqlite|bullmq)/' }
    },
    {
      name: 'core-without-optional-peers',
      severity: 'error',
      from: { path: '^lib/(?!inbox/|metrics/)' },
      to: { path: 'node_modules/(?:bullmq|ioredis|prom-client)/' }
    }
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, tsConfig: { fileName: 'tsconfig.json' } }
}
