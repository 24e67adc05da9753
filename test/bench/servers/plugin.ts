import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { host, path, token } from '../request.ts'
import { serve } from './serve.ts'

const app = Fastify()
let events = 0

await app.register(greenApi, { path, token })
app.greenApi.on('webhook', () => { events++ })

await app.listen({ host, port: 0 })
serve(app.server, () => events)
