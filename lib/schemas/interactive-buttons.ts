import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { Maybe, WireText, isObject, readText } from './wire.ts'

const label = {
  /** The button's id, which a tap names. */
  buttonId: Type.String(),
  /** The text on the button. */
  buttonText: Type.String()
}

/** A button that copies `copyCode` to the clipboard. Tapping it sends no notification. */
export const CopyButton = Type.Object({ type: Type.Literal('copy'), ...label, copyCode: Type.String() })

/** A button that calls `phoneNumber`. Tapping it sends no notification. */
export const CallButton = Type.Object({ type: Type.Literal('call'), ...label, phoneNumber: Type.String() })

/** A button that opens `url`. Tapping it sends no notification. */
export const UrlButton = Type.Object({ type: Type.Literal('url'), ...label, url: Type.String() })

/** A button that answers. Tapping it arrives as `buttonReply`. */
export const ReplyButton = Type.Object({ type: Type.Literal('reply'), ...label })

/** A button of a type that is not known, or that lacks what its type needs: kept as it came, in `raw`. */
export const UnknownButton = Type.Object({ type: Type.Literal('unknown'), ...label, raw: Type.Unknown() })

/** One button of a message with interactive buttons; `type` tells which. */
export const Button = Type.Union([CopyButton, CallButton, UrlButton, ReplyButton, UnknownButton])
export type Button = Static<typeof Button>

/**
 * The content of a message with interactive buttons, as listeners receive it.
 *
 * `header` and `footer` are absent where the wire has none, `null` or an empty one;
 * a missing `body` is `''`.
 */
export const InteractiveButtons = Type.Object({
  header: Type.Optional(Type.String()),
  body: Type.String(),
  footer: Type.Optional(Type.String()),
  buttons: Type.Array(Button)
})
export type InteractiveButtons = Static<typeof InteractiveButtons>

/**
 * The content as GREEN-API spells it: bodies say `titleText`, `contentText`, `footerText`,
 * the tables of the documentation `header`, `body`, `footer`, and one client `headerText`.
 *
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/outgoing-message/InteractiveButtons/
 */
export const WireInteractiveButtons = Type.Object({
  titleText: Maybe(WireText),
  contentText: Maybe(WireText),
  footerText: Maybe(WireText),
  header: Maybe(WireText),
  headerText: Maybe(WireText),
  body: Maybe(WireText),
  footer: Maybe(WireText),
  // What the buttons are is not checked here: an odd one must not spoil its siblings.
  buttons: Type.Array(Type.Unknown())
})

/** A message with interactive buttons. */
export const interactiveButtons = defineMessage({
  typeMessages: ['interactiveButtons', 'interactiveButtonsReply', 'interactiveButtonReply'],
  members: ['interactiveButtons', 'interactiveButtonsReply', 'interactiveButtonReply'],
  wire: WireInteractiveButtons,
  data: InteractiveButtons,
  read (wire) {
    const data: InteractiveButtons = {
      body: readText(wire.contentText) || readText(wire.body),
      buttons: wire.buttons.map(readButton)
    }
    const header = readText(wire.titleText) || readText(wire.header) || readText(wire.headerText)
    const footer = readText(wire.footerText) || readText(wire.footer)
    if (header !== '') data.header = header
    if (footer !== '') data.footer = footer
    return data
  }
})

function readButton (raw: unknown): Button {
  if (!isObject(raw)) return { type: 'unknown', buttonId: '', buttonText: '', raw }
  const buttonId = readCode(raw.buttonId) ?? ''
  const buttonText = readCode(raw.buttonText) ?? ''
  switch (raw.type) {
    case 'reply':
      return { type: 'reply', buttonId, buttonText }
    case 'copy': {
      const copyCode = readCode(raw.copyCode)
      if (copyCode !== undefined) return { type: 'copy', buttonId, buttonText, copyCode }
      break
    }
    case 'call': {
      const phoneNumber = readCode(raw.phoneNumber)
      if (phoneNumber !== undefined) return { type: 'call', buttonId, buttonText, phoneNumber }
      break
    }
    case 'url':
      if (typeof raw.url === 'string') return { type: 'url', buttonId, buttonText, url: raw.url }
  }
  return { type: 'unknown', buttonId, buttonText, raw }
}

function readCode (value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}
