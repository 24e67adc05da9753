import type { InboxEntry } from '../inbox.ts'
import { entry } from './fixtures.ts'

const printableAscii = Array.from({ length: 0x7e - 0x20 }, (_, index) => String.fromCharCode(0x21 + index)).join('')

/** Keys that a store may confuse with each other, or misinterpret. */
export const edgeCaseKeys = [
  'a', 'A', 'a:1', 'a:1:1', 'a:2', 'a/1', '/a', 'a/', '../a', 'a%2F1', 'a%', '%00', 'a~1', '~', 'a*', '*', '?',
  '[a]', '{a}', 'a,b', 'a;b', '"a"', "'a'", '\\a', 'a=1', '1', '01', '1.0', '1e3', '0', '-1', '4294967296',
  '9007199254740993', 'true', 'null', 'NaN', '__proto__', 'constructor', 'toString',
  printableAscii, 'k'.repeat(300), `${'k'.repeat(299)}l`
] as const

const bodies: Readonly<Record<string, string | null>> = {
  emoji: '{"text":"👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇦 é é ﷺ"}',
  none: null,
  empty: '',
  space: ' \r\n\t ',
  null: 'null',
  number: '0012.50',
  broken: '{"typeWebhook":',
  control: '\u0000\u0001\u001f\u007f\u0080\u2028\ufeff\ufffd',
  spaced: '{ "a" : 1e2,\n "a" : 2 }',
  large: `{"text":"${'ж🙂'.repeat(1024 * 1024 / 6)}"}`
}

/** Entries that a store may change or truncate. */
export const edgeCaseEntries: readonly InboxEntry[] = [
  ...Object.entries(bodies).map(([key, body]) => entry(`body-${key}`, { body, orderingKey: key })),
  ...edgeCaseKeys.map((key) => entry(key, { orderingKey: key, body: key })),
  entry('checksum-0', { checksum: 0 }),
  entry('checksum-1', { checksum: 2 ** 32 - 1 })
]
