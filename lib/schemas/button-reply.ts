import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { interactiveButtons } from './interactive-buttons.ts'
import { Maybe, WireText, isObject, readText, type Content } from './wire.ts'

/** A tap on a button, as listeners receive it, whatever the device that tapped. */
export const ButtonReply = Type.Object({
  /** The `idMessage` of the message whose button was tapped; `''` where the wire does not say. */
  stanzaId: Type.String(),
  /** The `buttonId` of the tapped button; `''` where the wire has only its text. */
  buttonId: Type.String(),
  /** The text on the tapped button; `''` where the wire has only its id. */
  buttonText: Type.String(),
  /** The position of the tapped button, from 0, where the wire says it. */
  index: Type.Optional(Type.Integer())
})
export type ButtonReply = Static<typeof ButtonReply>

/**
 * A tap as GREEN-API spells it: `selectedId` and `selectedDisplayText` in interactive and
 * template taps, `selectedButtonId` and `selectedButtonText` in legacy ones.
 *
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/TemplateButtonsReplyMessage/
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ButtonsResponseMessage/
 */
export const WireButtonReply = Type.Object({
  stanzaId: Maybe(WireText),
  selectedId: Maybe(WireText),
  selectedButtonId: Maybe(WireText),
  buttonId: Maybe(WireText),
  selectedDisplayText: Maybe(WireText),
  selectedButtonText: Maybe(WireText),
  buttonText: Maybe(WireText),
  selectedIndex: Type.Optional(Type.Unknown())
})

/**
 * A tap on a button. Which `typeMessage` announces it depends on the device that tapped, and
 * a menu's own names have carried taps too.
 */
export const buttonReply = defineMessage({
  typeMessages: ['interactiveButtonsResponse', 'templateButtonsReplyMessage', 'templateButtonReplyMessage', 'buttonsResponseMessage'],
  strayTypeMessages: interactiveButtons.typeMessages,
  members: ['interactiveButtonsResponse', 'templateButtonReplyMessage', 'templateButtonsReplyMessage', 'buttonsResponseMessage', ...interactiveButtons.members],
  wire: WireButtonReply,
  data: ButtonReply,
  read (wire, around) {
    const buttonId = firstOf(wire.selectedId, wire.selectedButtonId, wire.buttonId)
    const buttonText = firstOf(wire.selectedDisplayText, wire.selectedButtonText, wire.buttonText)
    if (buttonId === '' && buttonText === '') return 'Expected the id or the text of a button'
    const data: ButtonReply = { stanzaId: readText(wire.stanzaId) || quotedStanzaId(around), buttonId, buttonText }
    const index = readIndex(wire.selectedIndex)
    if (index !== undefined) data.index = index
    return data
  }
})

function firstOf (...spellings: Array<Static<typeof WireText> | null | undefined>): string {
  for (const value of spellings) {
    const text = readText(value)
    if (text !== '') return text
  }
  return ''
}

function quotedStanzaId ({ quotedMessage }: Content): string {
  if (!isObject(quotedMessage)) return ''
  const { stanzaId } = quotedMessage
  return typeof stanzaId === 'string' || typeof stanzaId === 'number' ? String(stanzaId) : ''
}

// The documentation's tables say string, its examples are integers.
function readIndex (value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d{1,9}$/.test(value)) return Number(value)
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}
