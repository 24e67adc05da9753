import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { readBody, readButton, readMenu, readReplyButton, readTemplateButton, withTexts } from './read-menu.ts'
import { Described, Maybe, Open, Unchecked, WireNumber, WireText, isObject, readText, readTexts } from './values.ts'

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

const menuTexts = {
  /** From `titleText`, `header`, `headerText` or `title`; absent where the wire has none, `null` or an empty one. */
  header: Type.Optional(Type.String()),
  /** From `contentText` or `body`; `''` where the wire has none. */
  body: Type.String(),
  /** From `footerText` or `footer`; absent where the wire has none, `null` or an empty one. */
  footer: Type.Optional(Type.String())
}

const menu = {
  ...menuTexts,
  /** Every button, those that are not known included. */
  buttons: Type.Array(Button)
}

/** The content of a message with interactive buttons, as listeners receive it. */
export const InteractiveButtons = Type.Object(menu)
export type InteractiveButtons = Static<typeof InteractiveButtons>

/** A message with legacy buttons, as listeners receive it: in the shape of one with interactive buttons. */
export const ButtonsMessage = Type.Object(menu)
export type ButtonsMessage = Static<typeof ButtonsMessage>

/** A message made of a template, as listeners receive it: in the shape of one with interactive buttons. */
export const TemplateMessage = Type.Object({
  ...menu,
  /** The template's namespace. */
  namespace: Type.Optional(Type.String()),
  /** The template's name. */
  elementName: Type.Optional(Type.String()),
  /** Where the template's picture, video or document is. */
  mediaUrl: Type.Optional(Type.String())
})
export type TemplateMessage = Static<typeof TemplateMessage>

/** A row of a list: what one can choose. */
export const ListRow = Type.Object({
  /** The row's id, which a choice names as its `buttonId`. */
  rowId: Type.String(),
  /** What the row says. */
  title: Type.String(),
  /** What it says below that. */
  description: Type.Optional(Type.String())
})
export type ListRow = Static<typeof ListRow>

/** A message with a list to choose from, as listeners receive it. */
export const ListMessage = Type.Object({
  ...menuTexts,
  /** The text on the button that opens the list; `''` where the wire has none. */
  buttonText: Type.String(),
  /** The list's parts; `title` is `''` where the wire has none. */
  sections: Type.Array(Type.Object({ title: Type.String(), rows: Type.Array(ListRow) }))
})
export type ListMessage = Static<typeof ListMessage>

/**
 * What surrounds the buttons as GREEN-API spells it: bodies of interactive buttons say `titleText`,
 * `contentText`, `footerText`, those of the older kinds `title` and `footer`, the tables of the
 * documentation `header`, `body`, `footer`, and one client `headerText`.
 */
const wireMenuTexts = {
  titleText: Unchecked(WireText),
  contentText: Unchecked(WireText),
  footerText: Unchecked(WireText),
  header: Unchecked(WireText),
  headerText: Unchecked(WireText),
  title: Unchecked(WireText),
  body: Unchecked(WireText),
  footer: Unchecked(WireText)
}

/** A button as GREEN-API spells it; legacy ones have no type. An odd one must not spoil its siblings. */
const WireButton = Described(Type.Object({
  type: Maybe(Open('copy', 'call', 'url', 'reply')),
  buttonId: Maybe(WireText),
  buttonText: Maybe(WireText),
  copyCode: Maybe(WireText),
  phoneNumber: Maybe(WireText),
  url: Maybe(Type.String())
}))

/** A template's button as GREEN-API spells it: its type is the member that it stands under. */
const WireTemplateButton = Described(Type.Object({
  index: Maybe(WireNumber),
  urlButton: Maybe(Type.Object({ id: Maybe(WireText), displayText: Maybe(WireText), url: Maybe(Type.String()) })),
  callButton: Maybe(Type.Object({ id: Maybe(WireText), displayText: Maybe(WireText), phoneNumber: Maybe(WireText) })),
  quickReplyButton: Maybe(Type.Object({ id: Maybe(WireText), displayText: Maybe(WireText) }))
}))

/** A list's part as GREEN-API spells it. */
const WireSection = Described(Type.Object({
  title: Maybe(WireText),
  rows: Type.Array(Type.Object({ rowId: Maybe(WireText), title: Maybe(WireText), description: Maybe(WireText) }))
}))

/** A message with interactive or with legacy buttons as GREEN-API spells it. */
export const WireInteractiveButtons = Type.Object({
  ...wireMenuTexts,
  buttons: Type.Array(WireButton)
})

/** A message made of a template as GREEN-API spells it. */
export const WireTemplateMessage = Type.Object({
  ...wireMenuTexts,
  buttons: Maybe(Type.Array(WireTemplateButton)),
  namespace: Unchecked(WireText),
  elementName: Unchecked(WireText),
  mediaUrl: Unchecked(WireText)
})

/** A message with a list as GREEN-API spells it. */
export const WireListMessage = Type.Object({
  ...wireMenuTexts,
  buttonText: Unchecked(WireText),
  sections: Type.Array(WireSection)
})

/** A message with interactive buttons. */
export const interactiveButtons = defineMessage({
  summary: 'a message with interactive buttons',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/outgoing-message/InteractiveButtons/',
  typeMessages: ['interactiveButtons', 'interactiveButtonsReply', 'interactiveButtonReply'],
  members: ['interactiveButtons', 'interactiveButtonsReply', 'interactiveButtonReply'],
  flat: ['buttons'],
  wire: WireInteractiveButtons,
  data: InteractiveButtons,
  read: (wire) => readMenu(wire, readButton)
})

/** A message with legacy buttons. */
export const buttonsMessage = defineMessage({
  summary: 'a message with legacy buttons',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ButtonsMessage/',
  typeMessages: ['buttonsMessage'],
  members: ['buttonsMessage', 'buttonsMessageData'],
  flat: ['buttons'],
  wire: WireInteractiveButtons,
  data: ButtonsMessage,
  read: (wire) => readMenu(wire, readReplyButton)
})

/** A message made of a template. */
export const templateMessage = defineMessage({
  summary: 'a message made of a template',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/TemplateMessage/',
  typeMessages: ['templateMessage'],
  members: ['templateMessage', 'templateMessageData'],
  flat: ['contentText', 'buttons'],
  wire: WireTemplateMessage,
  data: TemplateMessage,
  read (wire) {
    if (wire.buttons == null && readBody(wire) === '') return 'Expected contentText or buttons'
    return { ...readMenu(wire, readTemplateButton), ...readTexts(wire, ['namespace', 'elementName', 'mediaUrl']) }
  }
})

/** A message with a list to choose from. */
export const listMessage = defineMessage({
  summary: 'a message with a list to choose from',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ListMessage/',
  typeMessages: ['listMessage'],
  members: ['listMessage', 'listMessageData'],
  flat: ['sections'],
  wire: WireListMessage,
  data: ListMessage,
  read (wire) {
    const sections = wire.sections.filter(isObject).map(({ title, rows }) => ({ title: readText(title), rows: readRows(rows) }))
    const data: ListMessage = { body: readBody(wire), buttonText: readText(wire.buttonText), sections }
    return withTexts(wire, data)
  }
})

function readRows (rows: unknown): ListRow[] {
  return Array.isArray(rows)
    ? rows.filter(isObject).map((row) => ({ rowId: readText(row.rowId), title: readText(row.title), ...readTexts(row, ['description']) }))
    : []
}
