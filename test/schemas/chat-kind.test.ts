import t from 'tap'
import { readChatKind } from '../../lib/schemas/chat-kind.ts'

const cases: Array<[chatId: string, chatType: string, kind: string]> = [
  ['4917620000007@c.us', '', 'private'],
  ['4917620000007@s.whatsapp.net', '', 'private'],
  ['4917620000007:3@s.whatsapp.net', '', 'private'],
  ['98765432101234@lid', '', 'private'],
  ['120363000000000042@g.us', '', 'group'],
  ['4917620000007-1600000000@g.us', '', 'group'],
  ['120363000000000042@newsletter', '', 'channel'],
  ['status@broadcast', '', 'story'],
  ['1600000000@broadcast', '', 'broadcast'],
  ['10000042', 'user', 'private'],
  ['10000042', 'bot', 'private'],
  ['-70000042', 'group', 'group'],
  ['-100123', 'supergroup', 'group'],
  ['-100123', 'channel', 'channel'],
  ['10000042', '', 'private'],
  ['-100123', '', 'group'],
  ['10000042', 'of tomorrow', 'private'],
  ['10000042', 'constructor', 'private'],
  ['', '', 'unknown'],
  ['', 'channel', 'channel'],
  ['1@', '', 'unknown'],
  ['1@of.tomorrow', '', 'unknown'],
  ['1@constructor', '', 'unknown'],
  ['someone', '', 'unknown'],
  ['-', '', 'unknown'],
  ['another.status@broadcast', '', 'broadcast']
]

for (const [chatId, chatType, kind] of cases) {
  t.test(`readChatKind returns ${kind} when the chat is '${chatId}' of the type '${chatType}'`, async (t) => {
    t.equal(readChatKind(chatId, chatType), kind)
  })
}
