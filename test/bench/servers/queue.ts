import { Queue, Worker } from 'bullmq'
import Fastify from 'fastify'
import type { QueuePlace } from '../place.ts'
import { host, path } from '../request.ts'
import { serve } from './serve.ts'

// An application with BullMQ and without the plugin. It adds a job for each request without reading it. With the
// argument `work` it also processes the jobs.

const [, , place = '', what] = process.argv
const { port, name }: QueuePlace = JSON.parse(place)
const connection = { host, port }
const app = Fastify()
const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } })
let events = 0

app.post(path, async (request, reply) => {
  await queue.add('notification', request.body)
  reply.send()
})

const worker = what === 'work'
  ? new Worker(name, async () => { events++ }, {
    connection: { ...connection, maxRetriesPerRequest: null },
    concurrency: 16
  })
  : undefined

await app.listen({ host, port: 0 })
serve(app.server, () => worker && events)
