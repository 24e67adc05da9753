import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { quotedId } from './envelopes.ts'
import { Unchecked, WireText, isObject, isText, readFirst, readText } from './values.ts'

/** A message that was edited, as listeners receive it. */
export const EditedMessage = Type.Object({
  /** The `idMessage` of the message that was edited, from `stanzaId` or a journal's `editedMessageId`; `''` where the wire does not say. The event's own `idMessage` is the edit's. */
  stanzaId: Type.String(),
  /** The new text, of a text, from `textMessage` or `text`; `''` where it was emptied. */
  text: Type.Optional(Type.String()),
  /** The new caption, of a file; `''` where it was emptied. */
  caption: Type.Optional(Type.String())
})
export type EditedMessage = Static<typeof EditedMessage>

/** A message that was deleted for all, as listeners receive it. */
export const DeletedMessage = Type.Object({
  /** The `idMessage` of the message that was deleted, from `stanzaId` or a journal's `deletedMessageId`. The event's own `idMessage` is the deletion's. */
  stanzaId: Type.String()
})
export type DeletedMessage = Static<typeof DeletedMessage>

/** An edit as GREEN-API spells it: in journal records flat, with an `editedMessageId`. */
export const WireEditedMessage = Type.Object({
  stanzaId: Unchecked(WireText),
  editedMessageId: Unchecked(WireText),
  textMessage: Unchecked(WireText),
  text: Unchecked(WireText),
  caption: Unchecked(WireText),
  textMessageData: Unchecked(Type.Object({ textMessage: WireText })),
  extendedTextMessageData: Unchecked(Type.Object({ text: WireText }))
})

/** A deletion as GREEN-API spells it: in journal records flat, with a `deletedMessageId`. */
export const WireDeletedMessage = Type.Object({
  stanzaId: Unchecked(WireText),
  deletedMessageId: Unchecked(WireText)
})

/** A message that was edited. */
export const editedMessage = defineMessage({
  summary: 'a message that was edited',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/EditedMessage/',
  typeMessages: ['editedMessage'],
  members: ['editedMessageData', 'editedMessage'],
  flat: ['editedMessageId', 'stanzaId', 'textMessage', 'text', 'caption'],
  wire: WireEditedMessage,
  data: EditedMessage,
  read (wire, { quotedMessage }) {
    const { textMessageData, extendedTextMessageData } = wire
    const nested = isObject(textMessageData) ? textMessageData.textMessage : isObject(extendedTextMessageData) ? extendedTextMessageData.text : undefined
    const text = [wire.textMessage, wire.text, nested].find(isText)
    const data: EditedMessage = { stanzaId: readFirst(wire.stanzaId, wire.editedMessageId, quotedId(quotedMessage)) }
    if (text !== undefined) data.text = readText(text)
    if (isText(wire.caption)) data.caption = readText(wire.caption)
    return data.stanzaId === '' && data.text === undefined && data.caption === undefined ? 'Expected stanzaId, textMessage or caption' : data
  }
})

/** A message that was deleted. */
export const deletedMessage = defineMessage({
  summary: 'a message that was deleted for all',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/DeletedMessage/',
  typeMessages: ['deletedMessage'],
  members: ['deletedMessageData', 'deletedMessage'],
  flat: ['deletedMessageId', 'stanzaId'],
  wire: WireDeletedMessage,
  data: DeletedMessage,
  read (wire, { quotedMessage }) {
    const stanzaId = readFirst(wire.stanzaId, wire.deletedMessageId, quotedId(quotedMessage))
    return stanzaId === '' ? 'Expected the id of the deleted message' : { stanzaId }
  }
})
