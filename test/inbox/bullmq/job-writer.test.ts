import { once } from 'node:events'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { JobWriter, type JobData } from '../../../lib/inbox/bullmq/job-writer.ts'
import { jobIdOf, Keys } from '../../../lib/inbox/bullmq/keys.ts'
import { entry, stored } from '../../../lib/inbox/conformance/fixtures.ts'
import { only } from '../../helpers/app.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'

const needsRedis = { skip: withoutRedis }

const keys = new Keys('bull', 'shop')

interface Subject {
  readonly writer: JobWriter
  readonly queue: Queue<JobData>
  readonly worker: Worker<JobData>
  readonly redis: Redis
}

async function start (t: Test): Promise<Subject> {
  const { connection } = await RedisServer.start(t)
  const redis = new Redis({ ...connection, replyMapping: 'legacy' })
  await once(redis, 'ready')
  const queue = new Queue<JobData>('shop', { connection: redis })
  const worker = new Worker<JobData>('shop', null, { connection: { ...connection, maxRetriesPerRequest: null } })
  t.teardown(async () => {
    await Promise.all([worker.close(), queue.close()])
    redis.disconnect()
  })
  return { writer: new JobWriter(queue, redis, keys, {}), queue, worker, redis }
}

t.test('JobWriter does not retry a dead letter that another replica retried or discarded', needsRedis, async (t) => {
  const { writer, queue, worker } = await start(t)
  const retried = { ...stored(entry('ada-1')), reason: 'boom', attempts: 1, failedAt: Date.now() }
  const deadJobId = jobIdOf('ada-1', 1)

  t.equal(await writer.add({ retried, deadJobId }), false)
  t.equal(await queue.getWaitingCount(), 0)

  await writer.add({ entry: entry('ada-1') })
  const job = await worker.getNextJob('token')
  await job?.moveToFailed(new Error('boom'), 'token')
  t.equal(await writer.add({ retried, deadJobId }), true, 'an existing dead letter is retried')
  t.equal(await queue.getFailedCount(), 0)
  t.equal(only(await queue.getWaiting()).id, jobIdOf('ada-1', 1, retried.failedAt))
  t.equal(await writer.add({ retried, deadJobId }), false, 'only once')
})

t.test('JobWriter adds concurrent entries in order and drops duplicates among them', needsRedis, async (t) => {
  const { writer, queue } = await start(t)
  const names = Array.from({ length: 250 }, (_, index) => `ada-${index}`)
  const added = await Promise.all([...names, ...names].map((key) => writer.add({ entry: entry(key) })))
  t.strictSame(added, [...names.map(() => true), ...names.map(() => false)])
  t.equal(await queue.getWaitingCount(), 1, 'only the first job can be delivered')
  const ids = names.map((key) => jobIdOf(key, 1))
  const jobs = await Promise.all(ids.map((id) => queue.getJob(id)))
  t.strictSame(
    jobs.map((job) => job?.parent?.id), [...ids.slice(1), undefined], 'each other job waits for the previous one'
  )
})

t.test('JobWriter adds an entry that arrives at the moment when another is done', needsRedis, async (t) => {
  const { writer, queue } = await start(t)
  await new Promise<void>((resolve) => {
    writer.add({ entry: entry('ada-1') }).then(() => writer.add({ entry: entry('bob-1') })).then(() => { resolve() })
  })
  t.ok(await queue.getJob(jobIdOf('bob-1', 1)))
})

t.test('JobWriter does not add an entry when its job exists but its revisions have expired', needsRedis, async (t) => {
  const { writer, queue, redis } = await start(t)
  await writer.add({ entry: entry('ada-1') })
  await redis.del(keys.seen('ada-1'))
  t.equal(await writer.add({ entry: entry('ada-1') }), false)
  t.equal(await queue.getWaitingCount(), 1)
})

t.test('JobWriter repeats a transaction when another replica interferes, up to 50 times', needsRedis, async (t) => {
  const { writer, queue, redis } = await start(t)
  // Another replica that stores another body of the same notification.
  const other = redis.duplicate()
  t.teardown(() => { other.disconnect() })
  let times = 3
  let reads = 0
  t.intercept(redis, 'mget', {
    value: async (names: [string, string]) => {
      const values = await Redis.prototype.mget.call(redis, names)
      if (reads++ < times) await other.set(names[0], '1:2')
      return values
    }
  })

  t.equal(await writer.add({ entry: entry('ada-1') }), true)
  t.equal(reads, 4)
  t.equal(only(await queue.getWaiting()).data.revision, 2, 'the revision follows that of the other replica')

  times = Infinity
  await t.rejects(writer.add({ entry: entry('bob-1') }), {
    code: 'FST_GREEN_API_INBOX', message: /other replicas changed the same chats during 50 attempts/
  })
})

t.test('JobWriter loads the scripts again after a reconnect', needsRedis, async (t) => {
  const { writer, redis } = await start(t)
  await writer.add({ entry: entry('ada-1') })
  await redis.script('FLUSH')
  redis.disconnect(true)
  await once(redis, 'ready')
  // The first transaction is discarded, because another client changes a watched key.
  const other = redis.duplicate()
  t.teardown(() => { other.disconnect() })
  let reads = 0
  t.intercept(redis, 'mget', {
    value: async (names: [string, string]) => {
      const values = await Redis.prototype.mget.call(redis, names)
      if (reads++ === 0) await other.set(names[0], '1:2')
      return values
    }
  })

  t.equal(await writer.add({ entry: entry('bob-1') }), true)
  t.equal(reads, 2)
})

t.test('JobWriter reconnects after an error, which ends the transaction', needsRedis, async (t) => {
  const { writer, redis } = await start(t)
  const id = await redis.client('ID')
  t.intercept(redis, 'mget', {
    value: () => {
      Reflect.deleteProperty(redis, 'mget')
      return Promise.reject(new Error('boom'))
    }
  })
  const reconnected = once(redis, 'ready')

  await t.rejects(writer.add({ entry: entry('ada-1') }), {
    code: 'FST_GREEN_API_INBOX', message: 'Redis could not store the notification: boom'
  })

  await reconnected
  t.not(await redis.client('ID'), id)
  t.equal(await writer.add({ entry: entry('ada-1') }), true)
})
