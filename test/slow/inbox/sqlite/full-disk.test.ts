import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import { textMessage } from 'fastify-green-api/testing'
import t from 'tap'
import { build, post } from '../../../helpers/app.ts'
import { mountDisk, withoutDisks } from '../../../helpers/small-disk.ts'
import { until } from '../../../helpers/until.ts'

t.setTimeout(600_000)

t.test('a server under load survives a full disk, and loses nothing that it answered 200', { skip: withoutDisks }, async (t) => {
  const folder = mountDisk(t, '24m')
  const path = join(folder, 'inbox.db')
  const ballast = join(folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(6 * 1024 * 1024))
  const delivered = new Set<string>()
  const start = async (work: number) => {
    const app = await build(t, { timeout: 1000, inbox: sqliteInbox({ path, concurrency: 8 }) })
    app.greenApi.on('textMessage', async ({ idMessage }) => {
      await sleep(work)
      delivered.add(idMessage)
    })
    await app.ready()
    return app
  }
  const app = await start(300)
  const answered = new Set<string>()
  const counts: Record<number, number> = {}
  const end = Date.now() + 10_000
  let next = 0
  await Promise.all(Array.from({ length: 20 }, async () => {
    while (Date.now() < end) {
      const idMessage = `M${next++}`
      const body = textMessage({ text: 'p'.repeat(3000) }, { idMessage, chatId: `${next % 60}@c.us` })
      const { statusCode } = await post(app, body)
      if (statusCode === 200) answered.add(idMessage)
      counts[statusCode] = (counts[statusCode] ?? 0) + 1
    }
  }))
  t.comment(JSON.stringify(counts))
  t.strictSame(Object.keys(counts), ['200', '503'])
  await app.close()

  rmSync(ballast)
  const again = await start(0)
  await until(async () => await again.greenApi.inbox.pendingCount() === 0)
  t.strictSame([...answered].filter((id) => !delivered.has(id)), [], 'all that was answered 200 is delivered')
})
