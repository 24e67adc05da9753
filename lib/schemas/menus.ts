import { Type, type Static } from '@sinclair/typebox'
import { Button, WireButton, WireTemplateButton, readButton, readReplyButton, readTemplateButton } from './buttons.ts'
import { defineMessage } from './definition.ts'
import { Described, Maybe, Unchecked, WireText, isObject, readFirst, readText, readTexts, type Content } from './values.ts'

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

interface MenuTexts { header?: string, body: string, footer?: string }

/** Reads a message with buttons, each of them by `readButton`. */
function readMenu (wire: Content & { buttons?: unknown[] | null }, readButton: (raw: unknown) => Button): MenuTexts & { buttons: Button[] } {
  return withTexts(wire, { body: readBody(wire), buttons: (wire.buttons ?? []).map(readButton) })
}

/** Reads the text of a message with something to choose from. */
function readBody (wire: Content): string {
  return readFirst(wire.contentText, wire.body)
}

/** Adds the header and the footer, where there are any, to what was read otherwise. */
function withTexts<Data extends MenuTexts> (wire: Content, data: Data): Data {
  const header = readFirst(wire.titleText, wire.header, wire.headerText, wire.title)
  const footer = readFirst(wire.footerText, wire.footer)
  if (header !== '') data.header = header
  if (footer !== '') data.footer = footer
  return data
}
