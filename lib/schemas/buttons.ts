import { Type, type Static } from '@sinclair/typebox'
import { Described, Maybe, Open, WireNumber, WireText, isObject, isText, readInteger, readText, type Content } from './values.ts'

const label = {
  /** The button's id, which a tap names; `''` where the wire has none, as template buttons may. */
  buttonId: Type.String(),
  /** The text on the button. */
  buttonText: Type.String(),
  /** The button's number, where the wire has one, as template buttons do. */
  index: Type.Optional(Type.Integer())
}

/** A button that copies `copyCode` to the clipboard. Tapping it sends no notification. */
export const CopyButton = Type.Object({ type: Type.Literal('copy'), ...label, copyCode: Type.String() })
/** A button that copies `copyCode`, as listeners receive it. */
export interface CopyButton extends Readonly<Static<typeof CopyButton>> {}

/** A button that calls `phoneNumber`. Tapping it sends no notification. */
export const CallButton = Type.Object({ type: Type.Literal('call'), ...label, phoneNumber: Type.String() })
/** A button that calls `phoneNumber`, as listeners receive it. */
export interface CallButton extends Readonly<Static<typeof CallButton>> {}

/** A button that opens `url`. Tapping it sends no notification. */
export const UrlButton = Type.Object({ type: Type.Literal('url'), ...label, url: Type.String() })
/** A button that opens `url`, as listeners receive it. */
export interface UrlButton extends Readonly<Static<typeof UrlButton>> {}

/** A button that answers. Tapping it arrives as `buttonReply`. */
export const ReplyButton = Type.Object({ type: Type.Literal('reply'), ...label })
/** A button that answers, as listeners receive it. */
export interface ReplyButton extends Readonly<Static<typeof ReplyButton>> {}

/** A button of a type that is not known, or that lacks what its type needs: kept as it came, in `raw`. */
export const UnknownButton = Type.Object({ type: Type.Literal('unknown'), ...label, raw: Type.Unknown() })
/** A button that is not known, as listeners receive it. */
export interface UnknownButton extends Readonly<Static<typeof UnknownButton>> {}

/**
 * One button of a message with buttons; `type` tells which. Legacy buttons have no type on the wire
 * and are `reply`; template buttons have it in their member, `urlButton`, `callButton` or `quickReplyButton`.
 */
export type Button = CopyButton | CallButton | UrlButton | ReplyButton | UnknownButton
export const Button = Type.Unsafe<Button>(Type.Union([CopyButton, CallButton, UrlButton, ReplyButton, UnknownButton]))

/** A button as GREEN-API spells it; legacy ones have no type. An odd one must not spoil its siblings. */
export const WireButton = Described(Type.Object({
  type: Maybe(Open('copy', 'call', 'url', 'reply')),
  buttonId: Maybe(WireText),
  buttonText: Maybe(WireText),
  copyCode: Maybe(WireText),
  phoneNumber: Maybe(WireText),
  url: Maybe(Type.String())
}))

/** A template's button as GREEN-API spells it: its type is the member that it stands under. */
export const WireTemplateButton = Described(Type.Object({
  index: Maybe(WireNumber),
  urlButton: Maybe(Type.Object({ id: Maybe(WireText), displayText: Maybe(WireText), url: Maybe(Type.String()) })),
  callButton: Maybe(Type.Object({ id: Maybe(WireText), displayText: Maybe(WireText), phoneNumber: Maybe(WireText) })),
  quickReplyButton: Maybe(Type.Object({ id: Maybe(WireText), displayText: Maybe(WireText) }))
}))

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
