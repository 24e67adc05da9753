import { Value } from '@sinclair/typebox/value'
import { notifications } from 'fastify-green-api'
import t from 'tap'
import { build, collect, only, post } from '../helpers/app.ts'
import { files } from '../helpers/fixtures/shapes/files.ts'
import { menus, taps } from '../helpers/fixtures/shapes/buttons.ts'
import { notices } from '../helpers/fixtures/shapes/notices.ts'
import { others } from '../helpers/fixtures/shapes/others.ts'
import { texts } from '../helpers/fixtures/shapes/texts.ts'
import { listenableNames } from '../../lib/recognition/kinds.ts'
import { recognize } from '../../lib/recognition/recognize.ts'
import { origins } from '../../lib/schemas/index.ts'
import { deepFreeze } from './deep-freeze.ts'

const shapes = [...texts, ...files, ...others, ...menus, ...taps, ...notices]

for (const { title, body, name, data, event: members = {} } of shapes) {
  t.test(`recognize returns ${name} when the body is ${title}`, async (t) => {
    const app = await build(t)
    app.greenApi.on('webhook', (event) => { deepFreeze(event) })
    const events = collect(app, 'webhook')

    const response = await post(app, body)

    t.equal(response.statusCode, 200)
    const event = only(events)
    t.equal(event.name, name)
    t.strictSame(event.data, data)
    t.match(event, members)
    t.strictSame(event.raw, JSON.parse(JSON.stringify(body)))
    t.ok(Value.Check(notifications[event.name].data, event.data), 'the data matches its schema')
  })
}

t.test('the shapes cover every name that can be listened to', async (t) => {
  const seen = shapes.flatMap(({ body }) => recognize(JSON.stringify(body)).names)
  const names = Object.entries(notifications).flatMap(([name, definition]) => [
    name, ...definition.kind === 'message' ? definition.typeMessages : definition.typeWebhooks
  ])
  const expected = new Set(['webhook', 'incomingText', ...Object.keys(origins), ...names])
  t.strictSame([...new Set(seen)].sort(), [...expected].sort())
  t.strictSame(
    [...listenableNames].sort(), [...expected, 'unrecognized', 'failed', 'pollingStopped'].sort()
  )
})

t.test('recognize returns the same data whatever typeWebhook announces the message', async (t) => {
  for (const { title, body, name, data } of shapes) {
    if (!('messageData' in body)) continue
    for (const typeWebhook of Object.keys(origins)) {
      const { event } = recognize(JSON.stringify({ ...body, typeWebhook }))
      t.match(event, { name, typeWebhook }, title)
      t.strictSame('data' in event && event.data, data, title)
    }
  }
})
