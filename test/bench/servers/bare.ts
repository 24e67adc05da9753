import Fastify from 'fastify'
import { host, path } from '../request.ts'
import { serve } from './serve.ts'

const app = Fastify()

app.post(path, (request, reply) => { reply.send() })

await app.listen({ host, port: 0 })
serve(app.server)
