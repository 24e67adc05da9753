import t from 'tap'
import { findMistakes, isPhoneNumber, toChatId } from '../../lib/dev/menu-rules.ts'

const yes = { type: 'reply', buttonId: 'yes', buttonText: 'Yes' } as const
const menu = { chatId: '4915550001234@c.us', body: 'Is it right?', buttons: [yes] }

t.test('findMistakes names the field of each mistake', async (t) => {
  t.strictSame(findMistakes(menu), [])
  for (const [change, field] of [
    [{ chatId: 'Ada' }, 'chatId'],
    [{ chatId: '' }, 'chatId'],
    [{ body: ' ' }, 'body'],
    [{ header: 'x'.repeat(20_001) }, 'header'],
    [{ buttons: [] }, 'buttons'],
    [{ buttons: [yes, yes, yes, yes] }, 'buttons'],
    [{ buttons: [{ ...yes, buttonText: '' }] }, 'buttons[0].buttonText'],
    [{ buttons: [yes, { ...yes, buttonText: 'x'.repeat(26) }] }, 'buttons[1].buttonText'],
    [{ buttons: [{ ...yes, buttonId: '' }] }, 'buttons[0].buttonId'],
    [{ buttons: [{ ...yes, buttonId: 'é'.repeat(129) }] }, 'buttons[0].buttonId'],
    [{ buttons: [{ ...yes, type: 'copy' }] }, 'buttons[0].copyCode'],
    [{ buttons: [{ ...yes, type: 'call', phoneNumber: 'CALL-ME' }] }, 'buttons[0].phoneNumber'],
    [{ buttons: [{ ...yes, type: 'url', url: 'javascript:alert(1)' }] }, 'buttons[0].url']
  ] as const) t.strictSame(findMistakes({ ...menu, ...change }).map((mistake) => mistake.field), [field])
  t.strictSame(findMistakes({ chatId: '', body: '', buttons: [] }).map(({ field }) => field), ['chatId', 'body', 'buttons'])
})

t.test('isPhoneNumber accepts separators and no letters', async (t) => {
  for (const text of ['+49 1555 0001000', '(030) 555-01.00', '4915550001000']) t.equal(isPhoneNumber(text), true, text)
  for (const text of ['', '+', '12', '12345678901234567', 'CALL-ME-NOW', '+49 1555 HELLO', '4915550001234@c.us']) {
    t.equal(isPhoneNumber(text), false, text)
  }
})

t.test('toChatId turns a phone number into a chat id', async (t) => {
  t.equal(toChatId('+49 1555 0001234'), '4915550001234@c.us')
  t.equal(toChatId(' 120363000000000001@g.us '), '120363000000000001@g.us')
})
