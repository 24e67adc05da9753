import { once } from 'node:events'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { JobWriter, type JobData } from '../../../lib/inbox/bullmq/job-writer.ts'
import { jobIdOf, Keys } from '../../../lib/inbox/bullmq/keys.ts'
import { entry, stored } from '../../../lib/inbox/conformance/fixtures.ts'
import { only } from '../../helpers/app.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'

const keys = new Keys('bull', 'shop')

/** What adds jobs to a queue, the queue, what takes jobs from it, and a connection. */
async function start (t: Test): Promise<{ intake: JobWriter, queue: Queue<JobData>, worker: Worker<JobData>, redis: Redis }> {
  const { connection } = await RedisServer.start(t)
  const redis = new Redis({ ...connection, replyMapping: 'legacy' })
  await once(redis, 'ready')
  const queue = new Queue<JobData>('shop', { connection: redis })
  const worker = new Worker<JobData>('shop', null, { connection: { ...connection, maxRetriesPerRequest: null } })
  t.teardown(async () => {
    await Promise.all([worker.close(), queue.close()])
    redis.disconnect()
  })
  return { intake: new JobWriter(queue, redis, keys, {}), queue, worker, redis }
}

t.test('what another replica has retried or discarded meanwhile is not retried', { skip: withoutRedis }, async (t) => {
  const { intake, queue, worker } = await start(t)
  const retried = { ...stored(entry('ada-1')), reason: 'boom', attempts: 1, failedAt: Date.now() }
  const deadId = jobIdOf('ada-1', 1)

  t.equal(await intake.add({ retried, deadId }), false)
  t.equal(await queue.getWaitingCount(), 0)

  await intake.add({ entry: entry('ada-1') })
  const job = await worker.getNextJob('token')
  await job?.moveToFailed(new Error('boom'), 'token')
  t.equal(await intake.add({ retried, deadId }), true, 'what is there still is')
  t.equal(await queue.getFailedCount(), 0)
  t.equal(only(await queue.getWaiting()).id, jobIdOf('ada-1', 1, retried.failedAt))
  t.equal(await intake.add({ retried, deadId }), false, 'once')
})

t.test('what arrives at once is added in order, and repeats among it are found', { skip: withoutRedis }, async (t) => {
  const { intake, queue } = await start(t)
  const names = Array.from({ length: 250 }, (_, index) => `ada-${index}`)
  const added = await Promise.all([...names, ...names].map((key) => intake.add({ entry: entry(key) })))
  t.strictSame(added, [...names.map(() => true), ...names.map(() => false)])
  t.equal(await queue.getWaitingCount(), 1, 'the first')
  const ids = names.map((key) => jobIdOf(key, 1))
  const jobs = await Promise.all(ids.map((id) => queue.getJob(id)))
  t.strictSame(jobs.map((job) => job?.parent?.id), [...ids.slice(1), undefined], 'each of the others waits for the one before')
})

t.test('what is added in the moment in which another is done is added, too', { skip: withoutRedis }, async (t) => {
  const { intake, queue } = await start(t)
  await new Promise<void>((resolve) => {
    intake.add({ entry: entry('ada-1') }).then(() => intake.add({ entry: entry('bob-1') })).then(() => { resolve() })
  })
  t.ok(await queue.getJob(jobIdOf('bob-1', 1)))
})

t.test('what waits for longer than its key is remembered is not added again', { skip: withoutRedis }, async (t) => {
  const { intake, queue, redis } = await start(t)
  await intake.add({ entry: entry('ada-1') })
  await redis.del(keys.seen('ada-1'))
  t.equal(await intake.add({ entry: entry('ada-1') }), false)
  t.equal(await queue.getWaitingCount(), 1)
})

t.test('what others get in the way of is tried again, and again, but not for ever', { skip: withoutRedis }, async (t) => {
  const { intake, queue, redis } = await start(t)
  // Another replica, which is told of the same notification, if with another body.
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

  t.equal(await intake.add({ entry: entry('ada-1') }), true)
  t.equal(reads, 4)
  t.equal(only(await queue.getWaiting()).data.revision, 2, 'behind what the others brought')

  times = Infinity
  await t.rejects(intake.add({ entry: entry('bob-1') }), { code: 'FST_GREEN_API_INBOX', message: /others got in the way again and again/ })
})
