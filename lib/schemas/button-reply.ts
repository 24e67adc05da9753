import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { quotedId } from './envelopes.ts'
import { interactiveButtons } from './menus.ts'
import { Unchecked, WireNumber, WireText, isObject, readFirst, readInteger } from './values.ts'

/** A tap on a button or a choice from a list, as listeners receive it, whatever the device. */
export const ButtonReply = Type.Object({
  /** The `idMessage` of the message whose button was tapped; `''` where the wire does not say. */
  stanzaId: Type.String(),
  /** The `buttonId` of the tapped button, the `rowId` of the chosen row; `''` where the wire has only its text. */
  buttonId: Type.String(),
  /** The text on the tapped button; `''` where the wire has only its id. */
  buttonText: Type.String(),
  /** The number of the tapped button, where the wire says it: from 0 in interactive buttons, the button's `index` in templates. */
  index: Type.Optional(Type.Integer())
})
export type ButtonReply = Static<typeof ButtonReply>

/**
 * A tap as GREEN-API spells it: `selectedId` and `selectedDisplayText` in interactive and
 * template taps, `selectedButtonId` and `selectedButtonText` in legacy ones, `singleSelectReply`
 * and `title` in the choice from a list.
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
 * A tap on a button. Which `typeMessage` announces it depends on the device that tapped, and
 * a menu's own names have carried taps too.
 *
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/selected-buttons/ButtonsResponseMessage/
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/selected-buttons/ListResponseMessage/
 */
export const buttonReply = defineMessage({
  summary: 'a tap on a reply button or a choice from a list, whatever the device',
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
  flat: ['selectedId', 'selectedButtonId', 'selectedRowId', 'singleSelectReply', 'selectedDisplayText', 'selectedButtonText'],
  wire: WireButtonReply,
  data: ButtonReply,
  read (wire, { quotedMessage }) {
    const { singleSelectReply } = wire
    const row = isObject(singleSelectReply) ? singleSelectReply.selectedRowId : singleSelectReply
    const buttonId = readFirst(wire.selectedId, wire.selectedButtonId, wire.buttonId, wire.selectedRowId, row)
    // A menu has a title too, and none of its own.
    const title = singleSelectReply == null && wire.selectedRowId == null ? undefined : wire.title
    const buttonText = readFirst(wire.selectedDisplayText, wire.selectedButtonText, wire.buttonText, title)
    if (buttonId === '' && buttonText === '') return 'Expected the id or the text of a button'
    const data: ButtonReply = { stanzaId: readFirst(wire.stanzaId, quotedId(quotedMessage)), buttonId, buttonText }
    const index = readInteger(wire.selectedIndex)
    if (index !== undefined) data.index = index
    return data
  }
})
