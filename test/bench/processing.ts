import { once } from 'node:events'
import { Worker } from 'bullmq'
import type { Delivered } from './messages.ts'
import type { QueuePlace } from './place.ts'
import { host } from './request.ts'

// A child process that processes the jobs of a queue, without the plugin.

const [, , place = ''] = process.argv
const { port, name }: QueuePlace = JSON.parse(place)

process.on('disconnect', () => process.exit())
process.on('message', async (jobs: number) => { process.send?.(await work(jobs)) })

async function work (jobs: number): Promise<Delivered> {
  const connection = { host, port, maxRetriesPerRequest: null }
  const worker = new Worker(name, async () => {}, { connection, concurrency: 16, autorun: false })
  await worker.waitUntilReady()
  const begin = performance.now()
  worker.run()
  // All jobs are completed.
  await once(worker, 'drained')
  return { events: jobs, milliseconds: performance.now() - begin, heap: 0, own: undefined }
}
