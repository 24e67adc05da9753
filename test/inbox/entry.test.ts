import t from 'tap'
import { keyOf, toEntry, toNotification } from '../../lib/inbox/entry.ts'
import { recognize } from '../../lib/recognition/index.ts'
import { menuSent, message } from '../helpers/fixtures/notifications.ts'

t.test('keyOf returns an id of up to 300 printable characters unchanged', async (t) => {
  for (const id of ['a', '7103000042:textMessage:BAE5', '!~', 'x'.repeat(300)]) t.equal(keyOf(id), id)
})

t.test('keyOf returns a short digest of any other id', async (t) => {
  const ids = ['', 'a b', 'ä', 'a\n', '\x7f', 'x'.repeat(301), 'x'.repeat(3000)]

  const keys = ids.map(keyOf)

  for (const key of keys) t.match(key, /^[\w-]{43}$/)
  t.equal(new Set(keys).size, ids.length)
})

t.test('toEntry orders an unrecognized message with the others of its chat', async (t) => {
  const orderingKey = (body: object) => toEntry(recognize(JSON.stringify(body)), '').orderingKey

  t.equal(orderingKey(message({ typeMessage: 'hologramMessage' })), orderingKey(menuSent()))
})

t.test('toNotification recognizes the body with the stored revision', async (t) => {
  const body = JSON.stringify(menuSent())

  const { event } = toNotification({ key: 'A', orderingKey: 'A', name: 'interactiveButtons', revision: 3, body })

  t.match(event, { name: 'interactiveButtons', revision: 3 })
})

t.test('toNotification returns an unrecognized event for a body that was too large to store', async (t) => {
  const entry = { key: 'A', orderingKey: 'A', name: 'unrecognized', revision: 1, body: null }

  t.match(toNotification(entry).event, { name: 'unrecognized', reason: 'too-large', id: 'A' })
})
