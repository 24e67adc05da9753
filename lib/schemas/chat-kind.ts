/** The kind of a chat, as in an event's `chatKind`. */
export type ChatKind = 'private' | 'group' | 'channel' | 'story' | 'broadcast' | 'unknown'

/** By the part of a WhatsApp chat id behind `@`. */
const kindsByServer: ReadonlyMap<string, ChatKind> = new Map([
  ['c.us', 'private'],
  ['s.whatsapp.net', 'private'],
  ['lid', 'private'],
  ['hosted', 'private'],
  ['hosted.lid', 'private'],
  ['bot', 'private'],
  ['g.us', 'group'],
  ['newsletter', 'channel'],
  ['broadcast', 'broadcast']
])

/** By `chatType`, which MAX and Telegram send. */
const kindsByType: ReadonlyMap<string, ChatKind> = new Map([
  ['user', 'private'],
  ['bot', 'private'],
  ['group', 'group'],
  ['supergroup', 'group'],
  ['channel', 'channel']
])

/** Derives the kind of a chat from `chatType` if it is known, otherwise from the form of the chat's id. */
export function readChatKind (chatId: string, chatType = ''): ChatKind {
  const kind = chatType === '' ? undefined : kindsByType.get(chatType)
  if (kind !== undefined) return kind
  const at = chatId.lastIndexOf('@')
  if (at === -1) return readNumericChatKind(chatId)
  if (chatId === 'status@broadcast') return 'story'
  return kindsByServer.get(chatId.slice(at + 1)) ?? 'unknown'
}

// The ids of MAX and Telegram are numbers, which are negative for everything but private chats.
function readNumericChatKind (chatId: string): ChatKind {
  if (!/^-?\d+$/.test(chatId)) return 'unknown'
  return chatId.startsWith('-') ? 'group' : 'private'
}
