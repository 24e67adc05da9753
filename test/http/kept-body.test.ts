import vm from 'node:vm'
import t from 'tap'
import { findKeptBody } from '../../lib/http/kept-body.ts'

const kept: Array<[title: string, value: unknown, text: string]> = [
  ['a number', 7, '7'],
  ['a boolean', false, 'false'],
  ['an array', [1], '[1]'],
  ['an object', { a: 1 }, '{"a":1}'],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ['an object of another realm', vm.runInNewContext('({ a: 1 })'), '{"a":1}'],
  ['an empty text', '', ''],
  ['a part of a larger buffer', new Uint8Array(Buffer.from('abcd')).subarray(1, 3), 'bc']
]

for (const [title, value, text] of kept) {
  t.test(`findKeptBody returns the bytes when the platform has kept ${title}`, async (t) => {
    t.equal(findKeptBody({ body: value }, {})?.toString(), text)
  })
}

const nothing: Array<[title: string, value: unknown]> = [
  ['undefined', undefined],
  ['null', null],
  ['a function', () => {}],
  ['an instance of a class', new Date()],
  ['an object that JSON cannot express', { large: 1n }]
]

for (const [title, value] of nothing) {
  t.test(`findKeptBody returns undefined when the platform has kept ${title}`, async (t) => {
    t.equal(findKeptBody({ body: value }, {}), undefined)
  })
}

t.test('findKeptBody prefers the bytes to the parsed body, and the raw request to that of Fastify', async (t) => {
  const raw = { rawBody: 'raw bytes', body: 'raw body' }
  const request = { rawBody: 'bytes', body: 'body' }

  t.equal(findKeptBody(raw, request)?.toString(), 'raw bytes')
  t.equal(findKeptBody({ body: 'raw body' }, request)?.toString(), 'bytes')
  t.equal(findKeptBody({ body: 'raw body' }, { body: 'body' })?.toString(), 'raw body')
  t.equal(findKeptBody({}, { body: 'body' })?.toString(), 'body')
})
