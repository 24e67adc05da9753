import t from 'tap'
import {
  envelopePrefix, readReceiptId, sliceEnvelopeBody, unwrapEnvelope, unwrapInvalidEnvelope
} from '../../lib/body/queue-envelope.ts'

t.test('unwrapEnvelope returns the body of an envelope', async (t) => {
  const body = { typeWebhook: 'incomingCall' }

  t.equal(unwrapEnvelope({ receiptId: 1, body }), body)
  t.equal(unwrapEnvelope({ body, receiptId: '1', more: true }), body)
})

t.test('unwrapEnvelope returns any other value unchanged', async (t) => {
  const values = [
    null, 5, 'text', [], {}, { body: {} }, { receiptId: 1 }, { receiptId: 1, body: null }, { receiptId: 1, body: [] },
    { receiptId: 1, body: 'text' }
  ]
  for (const value of values) t.equal(unwrapEnvelope(value), value, JSON.stringify(value))
})

t.test('sliceEnvelopeBody returns the minified text of the body', async (t) => {
  const cases = [
    ['{"receiptId":1,"body":{"id":12345678901234567891}}', '{"id":12345678901234567891}'],
    ['{ "body" : { "a" : [ 1 ] } , "receiptId" : 1 }', '{"a":[1]}'],
    ['{"receiptId":1, "b\\u006fdy":{}}', '{"receiptId":1,"b\\u006fdy":{}}']
  ] as const
  for (const [json, body] of cases) t.equal(sliceEnvelopeBody(json), body, json)
})

t.test('unwrapInvalidEnvelope returns the text inside an envelope that is not valid JSON', async (t) => {
  const cases = [
    ['{"receiptId":1,"body":{"text":"say "hello""}}', '{"text":"say "hello""}'],
    [' { "receiptId" : "1" , "body" :{"text":"say "hello""} \n} \n', '{"text":"say "hello""} \n'],
    ['{"receiptId":1,"body":{"text":"cut o', '{"text":"cut o'],
    ['{"body":"x,"receiptId":1}', '{"body":"x,"receiptId":1}'],
    ['{"text":"say "receiptId":1,"body":x', '{"text":"say "receiptId":1,"body":x']
  ] as const
  for (const [text, inside] of cases) t.equal(unwrapInvalidEnvelope(text), inside, text)
})

t.test('envelopePrefix ends with the receipt id', async (t) => {
  const cases = [
    ['{"receiptId":12,"body":{}}', '{"receiptId":12'],
    [' {\n "receiptId" : "12" , "body":{}}', ' {\n "receiptId" : "12"'],
    ['{"body":{},"receiptId":12}', ''],
    ['{"receiptId":null,"body":{}}', ''],
    ['[{"receiptId":12', '']
  ] as const
  for (const [text, prefix] of cases) t.equal(envelopePrefix(text), prefix, text)
})

t.test('readReceiptId finds the digits of the receipt id in any text', async (t) => {
  const cases: ReadonlyArray<[body: string | { head: string }, receiptId: string | undefined]> = [
    ['{"receiptId":12345678901234567891,"body":{}}', '12345678901234567891'],
    ['{"body":{"receiptId":9},"receiptId":"7"}', '7'],
    ['{"receiptId":null,"body":{}}', undefined],
    ['{"receiptId":1.5,"body":{}}', undefined],
    ['{"body":{"receiptId":9}}', undefined],
    ['null', undefined],
    ['{ "receiptId" : "7" , "body" : {"text":"say "receiptId":9"', '7'],
    ['{"more":true,"receiptId":7,"body":{"text":"say "receiptId":9"}}', '7'],
    ['{"body":{"text":"say "receiptId":9 too"},"receiptId":7}\n', '7'],
    ['{"body":{"text":"say "receiptId":9 too"}}', undefined],
    ['{"receiptId":7', '7'],
    [{ head: '{"receiptId":7,"body":{"text":"xxx' }, '7'],
    [{ head: '{"body":{"text":"receiptId":9}' }, undefined]
  ]
  for (const [body, receiptId] of cases) t.equal(readReceiptId(body), receiptId, JSON.stringify(body))
})
