import http from 'node:http'
import type { Emulator } from 'fastify-green-api/emulator'
import t from 'tap'
import { call, emulate, send } from '../helpers/emulated.ts'

const chatId = '4915550001234@c.us'
/** So slow that only advance() moves it. */
const stopped = { speed: 1e-12, start: 1767225600000 }
const plan = { correspondents: 2 }

function post (emulator: Emulator, method: string, body: object) {
  return call(emulator, method, { verb: 'POST', body })
}

/** Sends a request with any `Host` header. */
function get (emulator: Emulator, host: string, idInstance: number | string) {
  const { hostname, port } = new URL(emulator.apiUrl)
  const path = `/waInstance${idInstance}/getStateInstance/emulated-token`
  return new Promise<{ status: number | undefined, type: string | undefined }>((resolve, reject) => {
    http.get({ hostname, port, path, headers: { host } }, (response) => {
      response.resume()
      resolve({ status: response.statusCode, type: response.headers['content-type'] })
    }).on('error', reject)
  })
}

t.test('API answers 401 with an empty body when the token is wrong', async (t) => {
  const emulator = await emulate(t)
  const response = await fetch(`${emulator.apiUrl}/waInstance1101000001/getSettings/another`)
  t.equal(response.status, 401)
  t.equal(await response.text(), '')
  t.equal(response.headers.get('content-type'), null)
})

t.test('API answers 404 with a page when the path or the host is wrong', async (t) => {
  const emulator = await emulate(t, { instances: [{ idInstance: 7103000001 }, { idInstance: 110200000001 }] })
  for (const path of ['/', '/elsewhere', '/waInstance7103000001', '/v3/waInstance7103000001/getSettings/emulated-token']) {
    const response = await fetch(`${emulator.apiUrl}${path}`)
    t.equal(response.status, 404, path)
    t.match(response.headers.get('content-type'), 'text/html')
    t.match(await response.text(), '<h1>404 Not Found</h1>')
  }

  const page = { status: 404, type: /^text\/html/ }
  t.match(await get(emulator, '1102.api.greenapi.com', 7103000001), page)
  t.match(await get(emulator, '7103.api.greenapi.com', 110200000001), page)
  t.match(await get(emulator, '7103.api.green-api.com:443', 110200000001), page)
  t.match(await get(emulator, '7103.api.greenapi.com', 7103000001), { status: 200 })
  t.match(await get(emulator, '1102.api.greenapi.com', 110200000001), { status: 200 })
  t.match(await get(emulator, 'api.green-api.com', 7103000001), { status: 200 }, 'the host of all instances')
  t.match(await get(emulator, '7103.api.greenapi.com', 7103000009), { status: 403 }, 'an unknown instance')
})

t.test('API answers 429 above the limit of each method, with headers', async (t) => {
  const instances = [{ idInstance: 1 }, { idInstance: 2 }]
  const emulator = await emulate(t, { clock: stopped, rateLimits: true, instances })
  const buttons = [{ type: 'reply', buttonId: 'yes', buttonText: 'Yes' }]
  const limits: Array<[method: string, limit: number, verb: string, body?: object]> = [
    ['getSettings', 1, 'GET'],
    ['getStateInstance', 1, 'GET'],
    ['lastIncomingMessages', 1, 'GET'],
    ['lastOutgoingMessages', 1, 'GET'],
    ['getWebhooksCount', 1, 'GET'],
    ['setSettings', 1, 'POST', { keepOnlineStatus: 'no' }],
    ['getChatHistory', 1, 'POST', { chatId }],
    ['getMessage', 10, 'POST', { chatId, idMessage: 'BAE5' }],
    ['checkWhatsapp', 10, 'POST', { phoneNumber: 4915550001234 }],
    ['sendMessage', 50, 'POST', { chatId, message: 'Hello' }],
    ['sendInteractiveButtons', 1, 'POST', { chatId, body: 'Well?', buttons }],
    ['sendInteractiveButtonsReply', 1, 'POST', { chatId, body: 'Well?', buttons }],
    ['deleteNotification', 100, 'DELETE']
  ]
  for (const [method, limit, verb, body] of limits) {
    const suffix = method === 'deleteNotification' ? '/1' : ''
    for (let remaining = limit - 1; remaining >= 0; remaining--) {
      const { status, headers } = await call(emulator, method, { verb, body, suffix })
      t.not(status, 429)
      t.equal(headers.get('x-ratelimit-limit'), String(limit))
      t.equal(headers.get('x-ratelimit-remaining'), String(remaining))
    }
    const { status, headers, body: error } = await call(emulator, method, { verb, body, suffix })
    t.match({ status, error }, { status: 429, error: { message: 'Too Many Requests' } }, method)
    t.equal(headers.get('x-ratelimit-remaining'), '0')
  }

  const other = await fetch(`${emulator.apiUrl}/waInstance2/getSettings/emulated-token`)
  t.equal(other.status, 200, 'each instance has its own limits')
  await emulator.clock.advance(1000)
  t.equal((await call(emulator, 'getSettings')).status, 200)
})

t.test('API limits only receiveNotification and deleteNotification by default', async (t) => {
  const emulator = await emulate(t, { clock: stopped })
  for (let count = 0; count < 3; count++) {
    const { status, headers } = await call(emulator, 'getSettings')
    t.equal(status, 200)
    t.equal(headers.get('x-ratelimit-limit'), null)
  }
  emulator.instance().receive(emulator.instance().build.textMessage())
  const { headers } = await call(emulator, 'receiveNotification')
  t.equal(headers.get('x-ratelimit-limit'), '100')
})

t.test('send methods answer 466 in more chats than the plan allows', async (t) => {
  const emulator = await emulate(t, { clock: stopped, instances: [{ plan }] })
  const instance = emulator.instance()
  await send(emulator, 'sendMessage', { chatId: '1@c.us', message: 'Hello' })
  instance.receive(instance.build.textMessage({}, { chatId: '2@c.us' }))
  const refused = await post(emulator, 'sendMessage', { chatId: '3@c.us', message: 'Hello' })

  t.equal(refused.status, 466)
  t.match(refused.body, {
    invokeStatus: { method: 'sendmessage', used: 2, total: 0, status: 'QUOTE_ALLOWED', description: '' },
    correspondentsStatus: {
      method: 'correspondents',
      used: 2,
      total: 2,
      status: 'CORRESPONDENTS_QUOTE_EXCEEDED',
      description: /only send or receive messages from these numbers: 1@c\.us,2@c\.us\./
    }
  })
  for (const known of ['1@c.us', '2@c.us']) {
    t.equal((await post(emulator, 'sendMessage', { chatId: known, message: 'Hello' })).status, 200, known)
  }
  await emulator.clock.advance(31 * 24 * 60 * 60 * 1000)
  t.equal((await post(emulator, 'sendMessage', { chatId: '3@c.us', message: 'Hello' })).status, 200, 'next month')
})

t.test('message becomes quotaExceeded in more chats than the plan allows', async (t) => {
  const emulator = await emulate(t, { instances: [{ plan }] })
  const instance = emulator.instance()
  const bodies: unknown[] = []
  emulator.on('queued', ({ body }) => { bodies.push(body) })
  for (const id of ['1@c.us', '2@c.us', '3@c.us']) instance.receive(instance.build.textMessage({}, { chatId: id }))

  const quotaData = { method: 'correspondents', used: 2, total: 2, status: 'CORRESPONDENTS_QUOTA_EXCEEDED' }
  t.match(bodies, [{ senderData: { chatId: '1@c.us' } }, { senderData: {} }, { typeWebhook: 'quotaExceeded', quotaData }])
  t.equal(instance.messages('incoming').length, 2)
})

t.test('checkWhatsapp answers 469 after more checks than the plan allows', async (t) => {
  const emulator = await emulate(t, { instances: [{ plan: { contactChecks: 1 } }] })
  t.equal((await post(emulator, 'checkWhatsapp', { phoneNumber: 5 })).status, 200)
  t.match(await post(emulator, 'checkWhatsapp', { phoneNumber: 6 }), {
    status: 469,
    body: { statusCode: 469, message: /Too many contact checks/ }
  })
})

t.test('getWebhooksCount counts the queue, and clearWebhooksQueue empties it once a minute', async (t) => {
  const emulator = await emulate(t, { clock: stopped })
  const instance = emulator.instance()
  const count = async () => (await call(emulator, 'getWebhooksCount')).body
  const clear = async () => (await call(emulator, 'clearWebhooksQueue', { verb: 'DELETE' })).body
  instance.setFaults({ reorderedStatuses: 1 })
  instance.receive(instance.build.textMessage())
  instance.receive(instance.build.textMessage())
  instance.receive(instance.build.outgoingMessageStatus())

  t.strictSame(await count(), { count: 2 })
  t.strictSame(await clear(), { isCleared: true, reason: '' })
  t.strictSame(await count(), { count: 0 })
  await emulator.idle()
  await emulator.clock.advance(20_000)
  instance.receive(instance.build.textMessage())
  t.strictSame(await clear(), { isCleared: false, reason: 'Too many requests', leftTime: 40 })
  t.strictSame(await count(), { count: 1 })
  await emulator.clock.advance(40_000)
  t.strictSame(await clear(), { isCleared: true, reason: '' })
  t.strictSame(await count(), { count: 0 })
})

t.test('a lost notification is never queued, a late one within ten minutes, and the journal has both', async (t) => {
  const emulator = await emulate(t, { clock: stopped })
  const instance = emulator.instance()
  const lost: unknown[] = []
  emulator.on('lost', (body) => { lost.push(body) })
  instance.setFaults({ lost: 1, late: 1, duplicates: 1 })
  instance.receive(instance.build.textMessage({ text: 'lost' }))
  instance.setFaults({ late: 1 })
  for (let number = 0; number < 10; number++) instance.receive(instance.build.textMessage({ text: 'late' }))

  t.equal(instance.queue.size, 0)
  t.match(lost, [{ messageData: { textMessageData: { textMessage: 'lost' } } }])
  t.equal(lost.length, 1)
  t.equal(instance.messages('incoming').length, 11)
  await emulator.clock.advance(5 * 60_000)
  t.ok(instance.queue.size > 0 && instance.queue.size < 10, 'some are late by less than five minutes')
  await emulator.clock.advance(5 * 60_000)
  t.equal(instance.queue.size, 10)
})

t.test('the Date header of an answer follows the clock', async (t) => {
  const emulator = await emulate(t, { clock: { ...stopped, start: Date.UTC(2030, 0, 1) } })
  const { headers } = await call(emulator, 'getSettings')
  t.equal(headers.get('date'), 'Tue, 01 Jan 2030 00:00:00 GMT')
})
