import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { makeInbox } from '../place.ts'
import { host, path, token } from '../request.ts'
import { serve } from './serve.ts'

// The plugin with an inbox at the given place. With the argument `hold` the inbox stores, but does not deliver.

const [, , place = '', what] = process.argv
// An inbox reads all its entries when it opens.
const app = Fastify({ pluginTimeout: 0 })
const inbox = await makeInbox(JSON.parse(place))
let events = 0

if (what === 'hold') inbox.start = () => {}
await app.register(greenApi, { path, token, inbox })
app.greenApi.on('webhook', () => { events++ })

await app.listen({ host, port: 0 })
serve(app.server, () => what === 'hold' ? undefined : events)
