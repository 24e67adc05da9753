import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import {
  Described, Nullish, OpenEnum, WireNumber, WireText, isObject, isText, readInteger, readText, type Content
} from './values.ts'

const label = {
  /** The button's id, which a tap refers to. `''` if missing; template buttons can lack it. */
  buttonId: Type.String(),
  /** The button's text. */
  buttonText: Type.String(),
  /** The button's number. Only template buttons have one. */
  index: Type.Optional(Type.Integer())
}

/** A button that copies `copyCode` to the clipboard. A tap on it sends no notification. */
export const CopyButton = Type.Object({ type: Type.Literal('copy'), ...label, copyCode: Type.String() })
/** A button that copies `copyCode` to the clipboard. A tap on it sends no notification. */
export interface CopyButton extends Readonly<Static<typeof CopyButton>> {}

/** A button that calls `phoneNumber`. A tap on it sends no notification. */
export const CallButton = Type.Object({ type: Type.Literal('call'), ...label, phoneNumber: Type.String() })
/** A button that calls `phoneNumber`. A tap on it sends no notification. */
export interface CallButton extends Readonly<Static<typeof CallButton>> {}

/** A button that opens `url`. A tap on it sends no notification. */
export const UrlButton = Type.Object({ type: Type.Literal('url'), ...label, url: Type.String() })
/** A button that opens `url`. A tap on it sends no notification. */
export interface UrlButton extends Readonly<Static<typeof UrlButton>> {}

/** A button that replies. A tap on it arrives as the event `buttonReply`. */
export const ReplyButton = Type.Object({ type: Type.Literal('reply'), ...label })
/** A button that replies. A tap on it arrives as the event `buttonReply`. */
export interface ReplyButton extends Readonly<Static<typeof ReplyButton>> {}

/** A button of an unknown type, or without a member that its type requires. `raw` is the button as it was sent. */
export const UnknownButton = Type.Object({ type: Type.Literal('unknown'), ...label, raw: Type.Unknown() })
/** A button of an unknown type, or without a member that its type requires. `raw` is the button as it was sent. */
export interface UnknownButton extends Readonly<Static<typeof UnknownButton>> {}

/**
 * A button of a message. Check `type` to narrow it.
 *
 * Legacy buttons have no type on the wire and are read as `reply`. The type of a template button is the member that
 * contains it: `urlButton`, `callButton` or `quickReplyButton`.
 */
export type Button = CopyButton | CallButton | UrlButton | ReplyButton | UnknownButton
export const Button = Type.Unsafe<Button>(Type.Union([CopyButton, CallButton, UrlButton, ReplyButton, UnknownButton]))

/** A button on the wire; a legacy button has no type. */
export const WireButton = Described(Type.Object({
  type: Nullish(OpenEnum('copy', 'call', 'url', 'reply')),
  buttonId: Nullish(WireText),
  buttonText: Nullish(WireText),
  copyCode: Nullish(WireText),
  phoneNumber: Nullish(WireText),
  url: Nullish(Type.String())
}))

/** A template button on the wire; the member that contains it is its type. */
export const WireTemplateButton = Described(Type.Object({
  index: Nullish(WireNumber),
  urlButton: Nullish(Type.Object({
    id: Nullish(WireText),
    displayText: Nullish(WireText),
    url: Nullish(Type.String())
  })),
  callButton: Nullish(Type.Object({
    id: Nullish(WireText),
    displayText: Nullish(WireText),
    phoneNumber: Nullish(WireText)
  })),
  quickReplyButton: Nullish(Type.Object({ id: Nullish(WireText), displayText: Nullish(WireText) }))
}))

/** Reads a button of a message with interactive buttons. */
export function readButton (raw: unknown): Button {
  if (!isObject(raw)) return createButton(undefined, '', '', {}, raw)
  return createButton(raw.type, raw.buttonId, raw.buttonText, raw, raw)
}

/** Reads a legacy button: a button without a type is a reply button. */
export function readReplyButton (raw: unknown): Button {
  if (!isObject(raw) || raw.type != null) return readButton(raw)
  return createButton('reply', raw.buttonId, raw.buttonText, raw, raw)
}

/** Reads a template button. */
export function readTemplateButton (raw: unknown): Button {
  if (!isObject(raw)) return readButton(raw)
  const button = createTemplateButton(raw)
  const index = readInteger(raw.index)
  return index === undefined ? button : { ...button, index }
}

function createTemplateButton (raw: Content): Button {
  const { urlButton, callButton, quickReplyButton } = raw
  if (isObject(urlButton)) return createButton('url', urlButton.id, urlButton.displayText, urlButton, raw)
  if (isObject(callButton)) return createButton('call', callButton.id, callButton.displayText, callButton, raw)
  if (isObject(quickReplyButton)) {
    return createButton('reply', quickReplyButton.id, quickReplyButton.displayText, quickReplyButton, raw)
  }
  return readReplyButton(raw)
}

function createButton (
  type: unknown, id: unknown, text: unknown, { copyCode, phoneNumber, url }: Content, raw: unknown
): Button {
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
