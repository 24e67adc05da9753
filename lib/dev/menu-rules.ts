import type { ButtonDraft, MenuDraft } from './protocol.ts'

/** GREEN-API's limits of a menu. */
export const menuLimits = { buttons: 3, buttonText: 25, buttonId: 256, text: 20_000 } as const

/** A mistake in a menu: the field, such as `body` or `buttons[0].url`, and what to do. */
export interface MenuMistake {
  readonly field: string
  readonly message: string
}

/** Returns the mistakes for which GREEN-API or WhatsApp would refuse the menu, at most one for each field. */
export function findMistakes ({ chatId, header = '', body, footer = '', buttons }: MenuDraft): MenuMistake[] {
  const mistakes: MenuMistake[] = []
  const check = (isRight: boolean, field: string, message: string) => {
    if (!isRight && !mistakes.some((each) => each.field === field)) mistakes.push({ field, message })
  }
  check(isChatId(chatId), 'chatId', 'Enter a chat id, such as 4915550001234@c.us, or a phone number')
  check(body.trim() !== '', 'body', 'Enter a text')
  for (const [field, text] of Object.entries({ header, body, footer })) {
    check(text.length <= menuLimits.text, field, `At most ${menuLimits.text} characters`)
  }
  check(buttons.length > 0, 'buttons', 'Add a button')
  check(buttons.length <= menuLimits.buttons, 'buttons', `At most ${menuLimits.buttons} buttons`)
  for (const [index, button] of buttons.entries()) {
    const at = `buttons[${index}]`
    const { buttonText } = button
    check(buttonText.trim() !== '', `${at}.buttonText`, 'Enter a text')
    check(
      buttonText.length <= menuLimits.buttonText, `${at}.buttonText`,
      `At most ${menuLimits.buttonText} characters: ${buttonText.length} now`
    )
    checkValue(button, at, check)
  }
  return mistakes
}

function checkValue (
  { type, buttonId, copyCode = '', phoneNumber = '', url = '' }: ButtonDraft,
  at: string,
  check: (isRight: boolean, field: string, message: string) => void
): void {
  switch (type) {
    case 'reply':
      check(buttonId !== '', `${at}.buttonId`, 'Enter an id')
      check(byteLength(buttonId) <= menuLimits.buttonId, `${at}.buttonId`, `At most ${menuLimits.buttonId} bytes`)
      break
    case 'copy':
      check(copyCode !== '', `${at}.copyCode`, 'Enter the text to copy')
      break
    case 'call':
      check(isPhoneNumber(phoneNumber), `${at}.phoneNumber`, 'Enter a phone number, such as +49 1555 0001000')
      break
    case 'url':
      check(isWebUrl(url), `${at}.url`, 'Enter a URL that begins with https:// or http://')
      break
  }
}

/** Whether a text is a phone number: digits, and the characters that separate them. */
export function isPhoneNumber (text: string): boolean {
  return /^\+?[\d\s().-]+$/.test(text) && /^\d{5,16}$/.test(toDigits(text))
}

/** The digits of a phone number, as GREEN-API accepts it. */
export function toDigits (text: string): string {
  return text.replace(/\D/g, '')
}

export function isWebUrl (text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

/** Turns a phone number into the id of its chat. Any other text stays as it is. */
export function toChatId (text: string): string {
  return isPhoneNumber(text.trim()) ? `${toDigits(text)}@c.us` : text.trim()
}

function byteLength (text: string): number {
  return new TextEncoder().encode(text).length
}

function isChatId (text: string): boolean {
  return /^\d{5,}@(?:c\.us|g\.us|lid)$/.test(text)
}
