import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { quotedId } from './envelopes.ts'
import { interactiveButtons } from './menus.ts'
import { Unchecked, WireNumber, WireText, isObject, readFirst, readInteger } from './values.ts'

/** The `data` of `buttonReply`: a tapped button or a selected list row, in the same shape for every device. */
export const ButtonReply = Type.Object({
  /** The `idMessage` of the message with the button. `''` if missing. */
  stanzaId: Type.String(),
  /** The `buttonId` of the tapped button, or the `rowId` of the selected row. `''` if the reply has only a text. */
  buttonId: Type.String(),
  /** The text of the tapped button. `''` if the reply has only an id. */
  buttonText: Type.String(),
  /** The number of the tapped button: counted from 0 for interactive buttons, the button's `index` for templates. */
  index: Type.Optional(Type.Integer())
})
export type ButtonReply = Static<typeof ButtonReply>

/**
 * A button reply on the wire. Replies to interactive and template buttons have `selectedId` and
 * `selectedDisplayText`, replies to legacy buttons `selectedButtonId` and `selectedButtonText`, selected list rows
 * `singleSelectReply` and `title`.
 */
export const WireButtonReply = Type.Object({
  stanzaId: Unchecked(WireText),
  selectedId: Unchecked(WireText),
  selectedButtonId: Unchecked(WireText),
  buttonId: Unchecked(WireText),
  selectedRowId: Unchecked(WireText),
  singleSelectReply: Unchecked(Type.Union([WireText, Type.Object({ selectedRowId: WireText })])),
  selectedDisplayText: Unchecked(WireText),
  selectedButtonText: Unchecked(WireText),
  buttonText: Unchecked(WireText),
  title: Unchecked(WireText),
  selectedIndex: Unchecked(WireNumber)
})

/**
 * The `typeMessage` depends on the customer's device. Replies were also seen under the types of the menu itself.
 *
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/selected-buttons/ButtonsResponseMessage/
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/selected-buttons/ListResponseMessage/
 */
export const buttonReply = defineMessage({
  summary: 'a tapped reply button or a selected list row, from any device',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/selected-buttons/TemplateButtonsReplyMessage/',
  typeMessages: [
    'interactiveButtonsResponse', 'templateButtonsReplyMessage', 'templateButtonReplyMessage',
    'buttonsResponseMessage', 'listResponseMessage'
  ],
  fallbackTypeMessages: interactiveButtons.typeMessages,
  members: [
    'interactiveButtonsResponse', 'templateButtonReplyMessage', 'templateButtonsReplyMessage',
    'buttonsResponseMessage', 'listResponseMessage', ...interactiveButtons.members
  ],
  flat: [
    'selectedId', 'selectedButtonId', 'selectedRowId', 'singleSelectReply', 'selectedDisplayText', 'selectedButtonText'
  ],
  wire: WireButtonReply,
  data: ButtonReply,
  read (wire, { content, quotedMessage }) {
    const { singleSelectReply } = wire
    const row = isObject(singleSelectReply) ? singleSelectReply.selectedRowId : singleSelectReply
    const buttonId = readFirst(wire.selectedId, wire.selectedButtonId, wire.buttonId, wire.selectedRowId, row)
    // Only a selected row has its text in title. A menu has a title too, which is not the text of a button.
    const title = singleSelectReply == null && wire.selectedRowId == null ? undefined : wire.title
    const buttonText = readFirst(wire.selectedDisplayText, wire.selectedButtonText, wire.buttonText, title)
    if (buttonId === '' && buttonText === '') return 'Expected the id or the text of a button'
    const stanzaId = readFirst(wire.stanzaId, content.stanzaId, quotedId(quotedMessage))
    const data: ButtonReply = { stanzaId, buttonId, buttonText }
    const index = readInteger(wire.selectedIndex)
    if (index !== undefined) data.index = index
    return data
  }
})
