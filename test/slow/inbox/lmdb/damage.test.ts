import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi from 'fastify-green-api'
import { lmdbInbox } from 'fastify-green-api/inbox/lmdb'
import { open, type RootDatabase } from 'lmdb'
import t, { type Test } from 'tap'
import { environment } from '../../../../lib/inbox/lmdb/store.ts'
import { build, post, token } from '../../../helpers/app.ts'
import { menu, menuSent } from '../../../helpers/fixtures/notifications.ts'

// Each opening starts a process for the integrity check, which is slow on a busy machine.
t.setTimeout(600_000)
const withoutTimeout = { pluginTimeout: 0 }

/** Creates a server with the inbox in the folder. */
async function buildAt (t: Test, path: string): Promise<FastifyInstance> {
  return await build(t, { inbox: lmdbInbox({ path, backoff: 10 }) }, withoutTimeout)
}

/** Registers the plugin with the inbox in the folder, and returns the error. */
async function failure (path: string): Promise<Error> {
  const app = Fastify(withoutTimeout)
  app.register(greenApi, { token, inbox: lmdbInbox({ path }) })
  const error = await app.ready().then(() => undefined, (error: unknown) => error)
  await app.close()
  if (error instanceof Error) return error
  throw new Error('registering did not fail')
}

t.test('open rejects when the store is damaged', async (t) => {
  const sound = t.testdir({})
  const app = await buildAt(t, sound)
  app.greenApi.on('webhook', () => { throw new Error('boom') })
  for (let i = 0; i < 200; i++) {
    await post(app, menuSent(menu, { idMessage: `A${i}`, senderData: { chatId: `${i}@c.us`, sender: '' } }))
  }
  await app.close()
  const bytes = readFileSync(join(sound, 'data.mdb'))

  const damages: Record<string, (file: string) => void> = {
    'all of it overwritten': (file) => { writeFileSync(file, Buffer.alloc(bytes.length, 'damage')) },
    'all but the head overwritten': (file) => {
      writeFileSync(
        file, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 'damage')])
      )
    },
    'all but the head lost': (file) => {
      writeFileSync(
        file, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192)])
      )
    },
    'the list of databases lost': (file) => {
      const marks = ['pending', 'passed', 'dead-keys']
      // Pages with all names are the current and the previous root.
      const pages = Array.from({ length: bytes.length / 4096 }, (_, index) => index * 4096)
      const emptied = Buffer.from(bytes)
      for (const start of pages) {
        const page = emptied.subarray(start, start + 4096)
        // The entries are at the end of a page.
        if (marks.every((mark) => page.includes(mark))) page.fill(0, 4096 - 512)
      }
      t.notOk(emptied.equals(bytes))
      writeFileSync(file, emptied)
    },
    'cut in half': (file) => { truncateSync(file, Math.floor(bytes.length / 8192) * 4096) },
    'something else': (file) => { writeFileSync(file, 'Dear diary\n'.repeat(1000)) }
  }
  for (const [name, damage] of Object.entries(damages)) {
    const path = join(t.testdirName, name)
    mkdirSync(path)
    writeFileSync(join(path, 'data.mdb'), bytes)
    damage(join(path, 'data.mdb'))
    t.match(
      await failure(path),
      {
        code: 'FST_GREEN_API_INBOX',
        message: /^The inbox at .* is damaged \(.*\)\. Restore the folder from a backup, or move it away to start/
      },
      name
    )
  }

  const odd: Record<string, [reason: RegExp, write: (root: RootDatabase) => Promise<unknown>]> = {
    'of another program': [
      / is damaged \(it has an unknown database "diary"\)\. /,
      (root) => root.openDB({ name: 'diary' }).put(1, 'Dear diary')
    ],
    'an entry without a value': [
      / is damaged \(only 1 of 2 entries of "meta" can be read\)\. /,
      (root) => root.openDB({ name: 'meta' }).put('more', undefined)
    ]
  }
  for (const [name, [reason, write]] of Object.entries(odd)) {
    const path = join(t.testdirName, name)
    mkdirSync(path)
    writeFileSync(join(path, 'data.mdb'), bytes)
    const root = open({ path, ...environment })
    await write(root)
    await root.close()
    t.match(await failure(path), { code: 'FST_GREEN_API_INBOX', message: reason }, name)
  }

  const empty = join(t.testdirName, 'empty')
  mkdirSync(empty)
  writeFileSync(join(empty, 'data.mdb'), '')
  t.equal((await post(await buildAt(t, empty), menuSent())).statusCode, 200, 'an empty file is an empty inbox')
})
