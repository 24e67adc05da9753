import { inspect } from 'node:util'
import t from 'tap'
import { RequestError } from '../../lib/green-api/request-error.ts'
import { Client, beginningOf, type RequestOptions } from '../../lib/green-api/client.ts'
import { OversizedBody } from '../../lib/body/limited-body.ts'
import { apiTokenInstance, openQueue, type Reply } from '../helpers/fixtures/notification-queue.ts'

/** Calls receiveNotification, and returns the error. */
async function failure (client: Client, options?: RequestOptions): Promise<RequestError> {
  const error = await client.call('receiveNotification', options).then(() => undefined, (error: unknown) => error)
  if (!(error instanceof RequestError)) throw new Error(`expected a RequestError, found ${inspect(error)}`)
  return error
}

t.test('Client.call requests the URL of the method', async (t) => {
  const queue = await openQueue(t)
  const client = new Client(queue.instance)
  queue.replies.receiveNotification.push([200, 'null'])
  const { headers, ...answer } = await client.call('receiveNotification', { query: { receiveTimeout: '20' } })
  t.strictSame(answer, { status: 200, body: 'null' })
  t.ok(headers.has('date'))
  t.match(
    await client.call('deleteNotification', { verb: 'DELETE', suffix: '9007199254740993' }),
    { status: 200, body: '{"result":false}' }
  )
  t.strictSame(queue.urls, [
    `GET /waInstance7103000042/receiveNotification/${apiTokenInstance}?receiveTimeout=20`,
    `DELETE /waInstance7103000042/deleteNotification/${apiTokenInstance}/9007199254740993`
  ])
})

t.test('Client.call keeps the path of the apiUrl', async (t) => {
  const queue = await openQueue(t)
  const client = new Client({
    ...queue.instance,
    apiUrl: `${queue.instance.apiUrl}/waInstance${queue.idInstance}/receiveNotification/${apiTokenInstance}`
  })
  queue.replies.receiveNotification.push([200, 'null'])
  t.equal((await client.call('getSettings')).body, 'null')
  t.match(queue.urls, [/\/waInstance7103000042\/getSettings\/[0-9a-f]{50}$/])
})

t.test("Client.call rejects with the status and GREEN-API's message when the status is not 200", async (t) => {
  const queue = await openQueue(t)
  const client = new Client(queue.instance)
  const cases: Array<[Reply, string]> = [
    [
      [400, '{"message":"instance in starting process try later"}'],
      'was answered 400: instance in starting process try later'
    ],
    [[400, 'instance is starting\n or not authorized '], 'was answered 400: instance is starting or not authorized'],
    [[401, ''], 'was answered 401'],
    [[429, '{"message":5}'], 'was answered 429'],
    [[466, '[]'], 'was answered 466'],
    [[502, ' <html>Bad Gateway</html>'], 'was answered 502'],
    [[500, 'x'.repeat(300)], `was answered 500: ${'x'.repeat(200)}`],
    [[301, ''], 'was answered 301'],
    [[204, ''], 'was answered 204']
  ]
  for (const [reply, message] of cases) {
    queue.replies.receiveNotification.push(reply)
    const error = await failure(client)
    const status = Array.isArray(reply) ? reply[0] : 0
    t.match(error, { method: 'receiveNotification', status, code: 'FST_GREEN_API_REQUEST' })
    t.equal(error.message, `receiveNotification ${message}`)
  }
})

t.test('Client.call does not follow a redirect, which would send the token to another server', async (t) => {
  const queue = await openQueue(t)
  const elsewhere = await openQueue(t)
  const client = new Client(queue.instance)
  queue.replies.receiveNotification.push((response) => {
    response.writeHead(302, {
      location: `${elsewhere.instance.apiUrl}/waInstance7103000042/receiveNotification/${apiTokenInstance}`
    }).end()
  })
  t.equal((await failure(client)).status, 302)
  t.strictSame(elsewhere.calls, [])
})

t.test('Client.call rejects with the reason when there is no complete answer', async (t) => {
  const queue = await openQueue(t)
  const client = new Client(queue.instance)
  const cut = (head: Record<string, string>): Reply => (response) => {
    response.writeHead(200, head).write('{"receiptId":1,"body":{')
    setTimeout(() => { response.destroy() }, 20)
  }
  queue.replies.receiveNotification.push(
    (response) => { response.destroy() }, cut({ 'content-length': '1000' }), cut({}), () => {}
  )
  t.match(await failure(client), {
    message: /^receiveNotification has no answer: UND_ERR_SOCKET other side closed/, status: undefined
  })
  t.match(
    await failure(client),
    { message: /^receiveNotification has no answer: UND_ERR_SOCKET other side closed/, status: undefined },
    'an incomplete body is not kept'
  )
  t.match(await failure(client), { message: /^receiveNotification has no answer: UND_ERR_SOCKET other side closed/ })
  t.match(await failure(client, { timeout: 30 }), {
    message: 'receiveNotification has no answer: timed out after 30 ms'
  })
  queue.replies.receiveNotification.push((response) => { response.writeHead(200).write('{') })
  t.match(
    await failure(client, { timeout: 30 }),
    { message: 'receiveNotification has no answer: timed out after 30 ms' },
    'the timeout includes the body'
  )
  const away = await openQueue(t)
  away.close()
  t.match(
    await failure(new Client(away.instance)),
    { message: /^receiveNotification has no answer: connect ECONNREFUSED/ }
  )
  t.match(
    await failure(new Client({ ...queue.instance, apiUrl: 'http://nowhere.invalid' })),
    { message: /ENOTFOUND|EAI_AGAIN/ }
  )
})

t.test('Client.call ends at once, or after the grace period, when its signal is aborted', async (t) => {
  const queue = await openQueue(t)
  const client = new Client(queue.instance)
  const gone = new AbortController()
  const began = performance.now()
  const idle = failure(client, { signal: gone.signal })
  const withGrace = failure(client, { signal: gone.signal, grace: 200 })
  setTimeout(() => { gone.abort() }, 50)
  t.match(await idle, { message: 'receiveNotification has no answer: aborted' })
  t.ok(performance.now() - began < 200, 'at once')
  await withGrace
  t.ok(performance.now() - began >= 240, 'after the grace period')

  t.match(
    await failure(client, { signal: gone.signal }), { status: undefined }, 'the signal was aborted before the call'
  )
  t.equal((await client.call('deleteNotification', { suffix: '1', signal: gone.signal, grace: 5000 })).status, 200)
})

t.test('Client.call waits 30 s for an answer by default', async (t) => {
  const queue = await openQueue(t)
  const timers = t.capture(globalThis, 'setTimeout', globalThis.setTimeout)
  queue.replies.receiveNotification.push([200, 'null'])

  await new Client(queue.instance).call('receiveNotification')

  t.ok(timers().some(({ args }) => args[1] === 30_000))
})

t.test('Client.call keeps the beginning of an answer that is longer than the limit', async (t) => {
  const queue = await openQueue(t)
  const client = new Client(queue.instance)
  queue.replies.receiveNotification.push([200, 'x'.repeat(5000)], [200, 'x'.repeat(5000)], [500, 'y'.repeat(5000)])
  const { body } = await client.call('receiveNotification', { limit: 4999 })
  t.ok(body instanceof OversizedBody)
  t.equal(beginningOf(body), 'x'.repeat(1000))
  t.equal(beginningOf((await client.call('receiveNotification', { limit: 5000 })).body), 'x'.repeat(5000))
  t.ok((await failure(client, { limit: 10 })).bodyIncludes('yyy'))
})

t.test('Client.call stops reading when an answer does not end', async (t) => {
  const queue = await openQueue(t)
  const client = new Client(queue.instance)
  queue.replies.receiveNotification.push((response) => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const write = () => { while (!response.destroyed && response.write(chunk)); }
    response.on('drain', write)
    write()
  })
  const { body } = await client.call('receiveNotification')
  t.match(body, { truncated: true })
})

t.test('no error of Client.call contains the token when an answer or a network error does', async (t) => {
  const queue = await openQueue(t)
  const client = new Client(queue.instance)
  const path = `/waInstance7103000042/receiveNotification/${apiTokenInstance}`
  const replies: Reply[] = [
    [400, JSON.stringify({ statusCode: 400, path, message: `${path} is wrong` })],
    [500, `cannot GET ${path}`],
    [500, `${'x'.repeat(180)}${apiTokenInstance}`],
    [500, `<a href="${path}">`],
    (response) => { response.destroy() }
  ]
  const errors: unknown[] = []
  for (const reply of replies) {
    queue.replies.receiveNotification.push(reply)
    errors.push(await failure(client))
  }
  const away = await openQueue(t)
  away.close()
  errors.push(
    await failure(new Client(away.instance)),
    await failure(new Client({ ...queue.instance, apiUrl: 'http://[::' })),
    client
  )
  t.intercept(globalThis, 'fetch', { value: async (url: string) => { throw new TypeError(`failed to fetch ${url}`) } })
  errors.push(await failure(client))
  // Anything can be thrown.
  t.intercept(globalThis, 'fetch', { value: (url: string) => Promise.reject(url) })
  errors.push(await failure(client))
  for (const error of errors) {
    const shown = [
      inspect(error, { depth: Infinity, showHidden: true }),
      JSON.stringify(error),
      String(error),
      error instanceof Error ? error.stack : ''
    ]
    t.notMatch(shown.join(), apiTokenInstance)
    t.notMatch(shown.join(), apiTokenInstance.slice(0, 20), 'not even a part of it')
  }
})
