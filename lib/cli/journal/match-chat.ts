/**
 * Whether a chatId is the wanted chat: a chatId, the part of it before "@", or a phone number in any notation. A
 * number without a country code ("01555 0001234", "8 900 123-45-67") is that of any country.
 */
export function isSameChat (chatId: string, wanted: string): boolean {
  const chat = wanted.trim()
  if (chatId === chat || chatId.startsWith(`${chat}@`)) return chat !== ''
  // Another chatId. Its digits may be those of a phone number.
  if (chat.includes('@')) return false
  const number = digitsOf(chat)
  return number !== '' && (chatId.startsWith(`${number}@`) || isNational(number, chatId))
}

/** Returns a phone number as GREEN-API writes it: without prefix ("+", "00"), trunk zero "(0)" and separators. */
function digitsOf (number: string): string {
  return number.normalize('NFKC').replace(/\(0\)/g, '').replace(/\D/g, '').replace(/^00/, '')
}

/** Whether the digits are the number of a contact with a trunk prefix instead of the country code. */
function isNational (digits: string, chatId: string): boolean {
  // Russia and Kazakhstan dial 8 instead of 0, and their country code has one digit.
  if (/^8\d{10}$/.test(digits)) return chatId === `7${digits.slice(1)}@c.us`
  return /^0\d{6,}$/.test(digits) && /^\d+@c\.us$/.test(chatId) && chatId.endsWith(`${digits.slice(1)}@c.us`)
}
