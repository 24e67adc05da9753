import type { Button } from './menus.ts'
import { isObject, isText, readFirst, readInteger, readText, type Content } from './values.ts'

interface MenuTexts { header?: string, body: string, footer?: string }

/** Reads a message with buttons, each of them by `readButton`. */
export function readMenu (wire: Content & { buttons?: unknown[] | null }, readButton: (raw: unknown) => Button): MenuTexts & { buttons: Button[] } {
  return withTexts(wire, { body: readBody(wire), buttons: (wire.buttons ?? []).map(readButton) })
}

/** Reads the text of a message with something to choose from. */
export function readBody (wire: Content): string {
  return readFirst(wire.contentText, wire.body)
}

/** Adds the header and the footer, where there are any, to what was read otherwise. */
export function withTexts<Data extends MenuTexts> (wire: Content, data: Data): Data {
  const header = readFirst(wire.titleText, wire.header, wire.headerText, wire.title)
  const footer = readFirst(wire.footerText, wire.footer)
  if (header !== '') data.header = header
  if (footer !== '') data.footer = footer
  return data
}

/** Reads a button of a message with interactive buttons. */
export function readButton (raw: unknown): Button {
  return isObject(raw) ? makeButton(raw.type, raw.buttonId, raw.buttonText, raw, raw) : makeButton(undefined, '', '', {}, raw)
}

/** Reads a button of a legacy message, all of whose buttons answer. */
export function readReplyButton (raw: unknown): Button {
  return isObject(raw) && raw.type == null ? makeButton('reply', raw.buttonId, raw.buttonText, raw, raw) : readButton(raw)
}

/** Reads a button of a template, which says its type by the member that it stands under. */
export function readTemplateButton (raw: unknown): Button {
  if (!isObject(raw)) return readButton(raw)
  const button = makeTemplateButton(raw)
  const index = readInteger(raw.index)
  return index === undefined ? button : { ...button, index }
}

function makeTemplateButton (raw: Content): Button {
  const { urlButton, callButton, quickReplyButton } = raw
  if (isObject(urlButton)) return makeButton('url', urlButton.id, urlButton.displayText, urlButton, raw)
  if (isObject(callButton)) return makeButton('call', callButton.id, callButton.displayText, callButton, raw)
  if (isObject(quickReplyButton)) return makeButton('reply', quickReplyButton.id, quickReplyButton.displayText, quickReplyButton, raw)
  return readReplyButton(raw)
}

function makeButton (type: unknown, id: unknown, text: unknown, { copyCode, phoneNumber, url }: Content, raw: unknown): Button {
  const buttonId = readText(id)
  const buttonText = readText(text)
  switch (type) {
    case 'reply':
      return { type, buttonId, buttonText }
    case 'copy':
      if (isText(copyCode)) return { type, buttonId, buttonText, copyCode: readText(copyCode) }
      break
    case 'call':
      if (isText(phoneNumber)) return { type, buttonId, buttonText, phoneNumber: readText(phoneNumber) }
      break
    case 'url':
      if (typeof url === 'string') return { type, buttonId, buttonText, url }
  }
  return { type: 'unknown', buttonId, buttonText, raw }
}
