import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import {
  Button, WireButton, WireTemplateButton, readButton, readReplyButton, readTemplateButton
} from './buttons.ts'
import { defineMessage } from './definition.ts'
import {
  Described, Nullish, Unchecked, WireText, isObject, readFirst, readOptional, readText, readTexts, wireOf, type Content
} from './values.ts'

const menuTexts = {
  /** The header, from `titleText`, `header`, `headerText` or `title`. */
  header: Type.Optional(Type.String()),
  /** The text, from `contentText` or `body`. `''` if missing. */
  body: Type.String(),
  /** The footer, from `footerText` or `footer`. */
  footer: Type.Optional(Type.String())
}

const menu = {
  ...menuTexts,
  /** All buttons, including those of unknown types. */
  buttons: Type.Array(Button)
}

/** The `data` of `interactiveButtons`. */
export const InteractiveButtons = Type.Object(menu)
export type InteractiveButtons = Static<typeof InteractiveButtons>

/** The `data` of `buttonsMessage`; it has the shape of `InteractiveButtons`. */
export const ButtonsMessage = Type.Object(menu)
export type ButtonsMessage = Static<typeof ButtonsMessage>

const optionalTemplateMembers = {
  /** The id of the template on WhatsApp Business API instances (WABA). Their messages have no buttons. */
  templateId: Type.Optional(Type.String()),
  /** The template's namespace. */
  namespace: Type.Optional(Type.String()),
  /** The template's name. */
  elementName: Type.Optional(Type.String()),
  /** The URL of the template's image, video or document. */
  mediaUrl: Type.Optional(Type.String())
}

/**
 * The `data` of `templateMessage`; it extends the shape of `InteractiveButtons`. The message of a WABA instance has a
 * `templateId` and `params`, an empty `body` and no `buttons`.
 */
export const TemplateMessage = Type.Object({
  ...menu,
  ...optionalTemplateMembers,
  /** The values of the placeholders of the template `templateId`, in their order. */
  params: Type.Optional(Type.Array(Type.String()))
})
export type TemplateMessage = Static<typeof TemplateMessage>

/** A row of a list message. */
export const ListRow = Type.Object({
  /** The row's id; it is the `buttonId` of the reply. */
  rowId: Type.String(),
  /** The row's text. */
  title: Type.String(),
  /** The row's second line. */
  description: Type.Optional(Type.String())
})
export type ListRow = Static<typeof ListRow>

/** The `data` of `listMessage`. */
export const ListMessage = Type.Object({
  ...menuTexts,
  /** The text of the button that opens the list. `''` if missing. */
  buttonText: Type.String(),
  /** The sections of the list. */
  sections: Type.Array(Type.Object({
    /** The title of the section. `''` if missing. */
    title: Type.String(),
    /** The rows of the section. */
    rows: Type.Array(ListRow)
  }))
})
export type ListMessage = Static<typeof ListMessage>

// Interactive buttons have titleText, contentText and footerText, older kinds title and footer. The tables of the
// documentation say header, body and footer, and one client sends headerText.
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

const WireSection = Described(Type.Object({
  title: Nullish(WireText),
  rows: Type.Array(Type.Object({
    rowId: Nullish(WireText),
    title: Nullish(WireText),
    description: Nullish(WireText)
  }))
}))

/** A message with interactive buttons or legacy buttons on the wire. It has `buttons` or a text. */
export const WireInteractiveButtons = Type.Object({
  ...wireMenuTexts,
  buttons: Nullish(Type.Array(WireButton))
})

/**
 * A template message on the wire. WABA instances send `templateId` and `params` instead of a menu: in a `messageData`
 * inside `messageData`, flat, or in `templateMessage` in journal records.
 */
export const WireTemplateMessage = Type.Object({
  ...wireMenuTexts,
  buttons: Nullish(Type.Array(WireTemplateButton)),
  ...wireOf(optionalTemplateMembers),
  params: Unchecked(Type.Array(WireText))
})

/** A list message on the wire. It has `sections` or a text. */
export const WireListMessage = Type.Object({
  ...wireMenuTexts,
  buttonText: Unchecked(WireText),
  sections: Nullish(Type.Array(WireSection))
})

export const interactiveButtons = defineMessage({
  summary: 'a message with interactive buttons',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/outgoing-message/InteractiveButtons/',
  typeMessages: ['interactiveButtons', 'interactiveButtonsReply', 'interactiveButtonReply'],
  members: ['interactiveButtons', 'interactiveButtonsReply', 'interactiveButtonReply'],
  flat: ['contentText', 'buttons'],
  wire: WireInteractiveButtons,
  data: InteractiveButtons,
  read (wire) {
    const data = readMenu(wire, readButton)
    return hasMenu(wire, data) ? data : 'Expected contentText or buttons'
  },
  // A reply that has a text and no buttons is not a menu.
  isEmpty: ({ buttons }) => buttons.length === 0
})

export const buttonsMessage = defineMessage({
  summary: 'a message with legacy buttons',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ButtonsMessage/',
  typeMessages: ['buttonsMessage'],
  members: ['buttonsMessage', 'buttonsMessageData'],
  flat: ['contentText', 'buttons'],
  wire: WireInteractiveButtons,
  data: ButtonsMessage,
  read (wire) {
    const data = readMenu(wire, readReplyButton)
    return hasMenu(wire, data) ? data : 'Expected contentText or buttons'
  }
})

export const templateMessage = defineMessage({
  summary: 'a template message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/TemplateMessage/',
  typeMessages: ['templateMessage'],
  members: ['templateMessage', 'templateMessageData', 'messageData'],
  flat: ['contentText', 'buttons', 'templateId'],
  wire: WireTemplateMessage,
  data: TemplateMessage,
  read (wire) {
    const data: TemplateMessage = {
      ...readMenu(wire, readTemplateButton), ...readOptional(wire, optionalTemplateMembers)
    }
    if (!hasMenu(wire, data) && data.templateId === undefined) return 'Expected contentText, buttons or templateId'
    if (Array.isArray(wire.params)) data.params = wire.params.map(readText)
    return data
  }
})

export const listMessage = defineMessage({
  summary: 'a message with a list of options',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ListMessage/',
  typeMessages: ['listMessage'],
  members: ['listMessage', 'listMessageData'],
  flat: ['contentText', 'sections'],
  wire: WireListMessage,
  data: ListMessage,
  read (wire) {
    const texts = readMenuTexts(wire)
    if (wire.sections == null && texts.body === '') return 'Expected contentText or sections'
    return {
      ...texts,
      buttonText: readText(wire.buttonText),
      sections: (wire.sections ?? []).filter(isObject).map(({ title, rows }) => ({
        title: readText(title),
        rows: readRows(rows)
      }))
    }
  }
})

function hasMenu (wire: Content, { body }: { body: string }): boolean {
  return wire.buttons != null || body !== ''
}

function readMenu (
  wire: Content & { buttons?: unknown[] | null }, readButton: (raw: unknown) => Button
): InteractiveButtons {
  return { ...readMenuTexts(wire), buttons: (wire.buttons ?? []).map(readButton) }
}

function readMenuTexts (wire: Content): Omit<InteractiveButtons, 'buttons'> {
  const texts: Omit<InteractiveButtons, 'buttons'> = { body: readFirst(wire.contentText, wire.body) }
  const header = readFirst(wire.titleText, wire.header, wire.headerText, wire.title)
  const footer = readFirst(wire.footerText, wire.footer)
  if (header !== '') texts.header = header
  if (footer !== '') texts.footer = footer
  return texts
}

function readRows (rows: unknown): ListRow[] {
  if (!Array.isArray(rows)) return []
  return rows.filter(isObject).map((row) => ({
    rowId: readText(row.rowId),
    title: readText(row.title),
    ...readTexts(row, ['description'])
  }))
}
