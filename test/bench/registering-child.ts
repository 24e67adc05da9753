import Fastify from 'fastify'
import { median } from './statistics.ts'

/** Milliseconds. */
export interface Registered {
  readonly imported: number
  readonly cold: number
  readonly warm: number
}

const instances = 100

const start = performance.now()
const { greenApi } = await import('fastify-green-api')
const imported = performance.now() - start

process.on('message', async () => {
  const cold = await timeReady()
  const rest: number[] = []
  for (let turn = 0; turn < instances; turn++) rest.push(await timeReady())
  process.send?.({ imported, cold, warm: median(rest) } satisfies Registered)
})

async function timeReady (): Promise<number> {
  const app = Fastify()
  const start = performance.now()
  if (process.argv[2] === 'with') app.register(greenApi, { token: 'a token' })
  await app.ready()
  const milliseconds = performance.now() - start
  await app.close()
  return milliseconds
}
