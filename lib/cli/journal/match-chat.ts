/**
 * Whether a chatId is the wanted chat: a chatId, the part of it before "@", or a phone number in any notation.
 */
export function isSameChat (chatId: string, wanted: string): boolean {
  const chat = wanted.trim()
  if (chatId === chat || chatId.startsWith(`${chat}@`)) return chat !== ''
  // Another chatId. Its digits may be those of a phone number.
  if (chat.includes('@')) return false
  const number = digitsOf(chat)
  return number !== '' && chatId.startsWith(`${number}@`)
}

/** Returns a phone number as GREEN-API writes it: without prefix ("+", "00"), trunk zero "(0)" and separators. */
function digitsOf (number: string): string {
  return number.normalize('NFKC').replace(/\(0\)/g, '').replace(/\D/g, '').replace(/^00/, '')
}
