import t from 'tap'
import { minifyJson, quoteLongIntegers, sliceMember } from '../../lib/body/json-text.ts'

t.test('minifyJson removes white space between tokens but not in strings', async (t) => {
  const values = [
    { a: [1, 2.5, -3e9, true, null, { b: ' two  spaces\n\t' }], 'c d': {}, e: [] },
    'just " a \\ string \\\\', [], {}, 5, null,
    { quotes: '\\"', more: '\\\\\\"', ' ': ' " : , { } [ ] ' }
  ]
  for (const value of values) {
    for (const indent of [2, '\t', '\r\n']) {
      const text = JSON.stringify(
        value, null, indent === '\r\n' ? 2 : indent
      ).replaceAll('\n', indent === '\r\n' ? '\r\n' : '\n')
      t.equal(minifyJson(` ${text}\n`), JSON.stringify(value))
    }
    t.equal(minifyJson(JSON.stringify(value)), JSON.stringify(value))
  }
  t.equal(minifyJson(
    '{ "id" : 12345678901234567891, "u":"\\u00e9\\/" }'
  ), '{"id":12345678901234567891,"u":"\\u00e9\\/"}', 'numbers and escapes are unchanged')
})

t.test('sliceMember finds the last member with the name at the top level', async (t) => {
  const cases: Array<[object: string, member: string | undefined]> = [
    ['{"receiptId":1,"body":{"a":[1,{"body":2}],"b":"}"}}', '{"a":[1,{"body":2}],"b":"}"}'],
    ['{"body":{"a":1},"receiptId":1}', '{"a":1}'],
    ['{"x":{"body":1},"y":["body",{"body":2}],"body":"b,}","z":"body"}', '"b,}"'],
    ['{"body":1,"body":[2,3]}', '[2,3]'],
    ['{"body":true}', 'true'],
    ['{"x":"\\"body\\":5","z":1}', undefined],
    ['{"b\\u006fdy":1}', undefined],
    ['{"x":{"body":1}}', undefined],
    ['{"x":[{"body":1}]}', undefined],
    ['{}', undefined]
  ]
  for (const [object, member] of cases) t.equal(sliceMember(object, 'body'), member, object)
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  t.equal(sliceMember(`{"body":${deep},"x":1}`, 'body'), deep)
})

t.test('quoteLongIntegers quotes long integers of the named members only', async (t) => {
  const long = '12345678901234567890'
  const cases: Array<[json: string, expected: string]> = [
    [`{"id":${long}}`, `{"id":"${long}"}`],
    [`{"id" : -${long} , "a":${long}}`, `{"id" : "-${long}" , "a":${long}}`],
    [`{"a":{"id":\n${long}},"b":[${long}]}`, `{"a":{"id":\n"${long}"},"b":[${long}]}`],
    [`{"id":[1,${long},"${long}",${long}]}`, `{"id":[1,"${long}","${long}","${long}"]}`],
    [
      `{"id":[{},${long},{"a":${long}},${long}],"b":[${long}]}`,
      `{"id":[{},"${long}",{"a":${long}},"${long}"],"b":[${long}]}`
    ],
    [`{"id":${long}.5}`, `{"id":${long}.5}`],
    [`{"id":${long}e2}`, `{"id":${long}e2}`],
    [`{"id":1.${long}}`, `{"id":1.${long}}`],
    [`{"id":1e-${long}}`, `{"id":1e-${long}}`],
    ['{"id":123456789012345}', '{"id":123456789012345}'],
    [`{"id":"a","text":"\\"id\\":${long}"}`, `{"id":"a","text":"\\"id\\":${long}"}`],
    [`["id",${long}]`, `["id",${long}]`],
    [`{"id":null,"text":"id","b":${long}}`, `{"id":null,"text":"id","b":${long}}`],
    [long, long]
  ]

  for (const [json, expected] of cases) {
    JSON.parse(json)
    t.equal(quoteLongIntegers(json, new Set(['id'])), expected, json)
  }
})
