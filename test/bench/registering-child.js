// This file is JavaScript, as a loader for TypeScript doubles the time of the import.

const instances = 100

const begin = performance.now()
const { default: Fastify } = await import('fastify')
const between = performance.now()
const { greenApi } = await import('fastify-green-api')
const imported = performance.now() - between
const fastify = between - begin

process.on('disconnect', () => process.exit())
process.on('message', async () => {
  const cold = await timeReady()
  const warm = []
  for (let turn = 0; turn < instances; turn++) warm.push(await timeReady())
  process.send?.({ fastify, imported, cold, warm })
})

async function timeReady () {
  const app = Fastify()
  const start = performance.now()
  if (process.argv[2] === 'with') app.register(greenApi, { token: 'a token' })
  await app.ready()
  const milliseconds = performance.now() - start
  await app.close()
  return milliseconds
}
