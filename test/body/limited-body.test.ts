import { createHash } from 'node:crypto'
import t from 'tap'
import { LimitedBody, OversizedBody } from '../../lib/body/limited-body.ts'

const MiB = 1024 * 1024
const megabyte = Buffer.alloc(MiB, 'x')

t.test('LimitedBody reads at most 64 MiB when the limit is lower', async (t) => {
  const body = new LimitedBody(100)
  for (let count = 0; count < 64; count++) t.ok(body.add(megabyte))

  t.notOk(body.add(Buffer.from('x')))
  t.match(body.end(), { truncated: true })
})

t.test('LimitedBody is not truncated when the body ends at 64 MiB', async (t) => {
  const body = new LimitedBody(100)
  for (let count = 0; count < 64; count++) body.add(megabyte)

  t.match(body.end(), { truncated: false })
})

t.test('LimitedBody has the same digest and head whatever the size of the chunks', async (t) => {
  const content = 'y'.repeat(3000)
  const expected = createHash('sha256').update(`,"body":${content}`).digest('base64url')
  for (const receiptId of ['7', '12345', '"12345"']) {
    for (const size of [1, 999, 5000]) {
      const text = `{"receiptId":${receiptId},"body":${content}`
      const body = new LimitedBody(10)
      for (let at = 0; at < text.length; at += size) body.add(Buffer.from(text.slice(at, at + size)))

      t.strictSame(
        body.end(), new OversizedBody(expected, false, text.slice(0, 1000)), `${receiptId} in chunks of ${size}`
      )
    }
  }
})

t.test('LimitedBody returns the text when the body is as large as the limit', async (t) => {
  const body = new LimitedBody(4)
  const bytes = Buffer.from('😀')

  t.ok(body.add(bytes.subarray(0, 2)))
  t.ok(body.add(bytes.subarray(2)))

  t.equal(body.end(), '😀')
})

t.test('LimitedBody has the digest of the first 64 MiB when the body is larger', async (t) => {
  const all = createHash('sha256')
  for (let count = 0; count < 64; count++) all.update(megabyte)
  const expected = all.digest('base64url')

  for (const rest of [0, 2]) {
    const body = new LimitedBody(100)
    for (let count = 0; count < 63; count++) body.add(megabyte)
    body.add(megabyte.subarray(5))
    t.equal(body.add(Buffer.from('xxxxx' + 'y'.repeat(rest))), rest === 0)

    t.match(body.end(), { digest: expected, truncated: rest > 0 })
  }
})

t.test('LimitedBody returns the text when the limit is larger than the head and the body reaches it', async (t) => {
  for (const chunks of [['x'.repeat(2000)], ['x'.repeat(1500), 'y'.repeat(500)], []]) {
    const body = new LimitedBody(2000)
    for (const chunk of chunks) body.add(Buffer.from(chunk))

    t.equal(body.end(), chunks.join(''))
  }
})

t.test('OversizedBody has an empty head when it is created without one', async (t) => {
  t.equal(new OversizedBody('digest', false).head, '')
})
