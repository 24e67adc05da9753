import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { makeInbox } from '../place.ts'
import { host, path, token } from '../request.ts'
import { serve } from './serve.ts'

// The plugin with an inbox, at the place that it is told of. Where it is told to hold, it stores
// and delivers nothing.

const [, , place = '', what] = process.argv
// Opening an inbox reads all of it.
const app = Fastify({ pluginTimeout: 0 })
const inbox = await makeInbox(JSON.parse(place))
let events = 0

if (what === 'hold') inbox.start = () => {}
await app.register(greenApi, { path, token, inbox })
app.greenApi.on('webhook', () => { events++ })

await app.listen({ host, port: 0 })
serve(app.server, () => events)
