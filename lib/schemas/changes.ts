import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { quotedId } from './envelopes.ts'
import { Unchecked, WireText, isObject, isText, readFirst, readText } from './values.ts'

/** The `data` of `editedMessage`. */
export const EditedMessage = Type.Object({
  /**
   * The `idMessage` of the edited message, from `stanzaId` or a journal's `editedMessageId`. `''` if missing. The
   * event's own `idMessage` is the id of the edit.
   */
  stanzaId: Type.String(),
  /** The new text of a text message, from `textMessage` or `text`. `''` if the text was removed. */
  text: Type.Optional(Type.String()),
  /** The new caption of a file. `''` if the caption was removed. */
  caption: Type.Optional(Type.String())
})
export type EditedMessage = Static<typeof EditedMessage>

/** The `data` of `deletedMessage`. */
export const DeletedMessage = Type.Object({
  /**
   * The `idMessage` of the deleted message, from `stanzaId` or a journal's `deletedMessageId`. The event's own
   * `idMessage` is the id of the deletion.
   */
  stanzaId: Type.String()
})
export type DeletedMessage = Static<typeof DeletedMessage>

/** An edit on the wire. Journal records have an `editedMessageId` beside flat or nested content. */
export const WireEditedMessage = Type.Object({
  stanzaId: Unchecked(WireText),
  editedMessageId: Unchecked(WireText),
  textMessage: Unchecked(WireText),
  text: Unchecked(WireText),
  caption: Unchecked(WireText),
  textMessageData: Unchecked(Type.Object({ textMessage: WireText })),
  extendedTextMessageData: Unchecked(Type.Object({ text: WireText }))
})

/** A deletion on the wire. Journal records have a `deletedMessageId` beside flat or nested content. */
export const WireDeletedMessage = Type.Object({
  stanzaId: Unchecked(WireText),
  deletedMessageId: Unchecked(WireText)
})

export const editedMessage = defineMessage({
  summary: 'an edited message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/EditedMessage/',
  typeMessages: ['editedMessage'],
  members: ['editedMessageData', 'editedMessage'],
  flat: ['editedMessageId', 'stanzaId', 'textMessage', 'text', 'caption'],
  wire: WireEditedMessage,
  data: EditedMessage,
  read (wire, { content, quotedMessage }) {
    const { textMessageData, extendedTextMessageData } = wire
    const nested = isObject(textMessageData)
      ? textMessageData.textMessage
      : isObject(extendedTextMessageData) ? extendedTextMessageData.text : undefined
    const text = [wire.textMessage, wire.text, nested].find(isText)
    // A journal record has the id beside the content, which can be nested all the same.
    const stanzaId = readFirst(
      wire.stanzaId, wire.editedMessageId, content.editedMessageId, content.stanzaId, quotedId(quotedMessage)
    )
    const data: EditedMessage = { stanzaId }
    if (text !== undefined) data.text = readText(text)
    if (isText(wire.caption)) data.caption = readText(wire.caption)
    const isEmpty = stanzaId === '' && data.text === undefined && data.caption === undefined
    return isEmpty ? 'Expected stanzaId, textMessage or caption' : data
  }
})

export const deletedMessage = defineMessage({
  summary: 'a message that was deleted for everyone',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/DeletedMessage/',
  typeMessages: ['deletedMessage'],
  members: ['deletedMessageData', 'deletedMessage'],
  flat: ['deletedMessageId', 'stanzaId'],
  wire: WireDeletedMessage,
  data: DeletedMessage,
  read (wire, { content, quotedMessage }) {
    const stanzaId = readFirst(
      wire.stanzaId, wire.deletedMessageId, content.deletedMessageId, content.stanzaId, quotedId(quotedMessage)
    )
    return stanzaId === '' ? 'Expected the id of the deleted message' : { stanzaId }
  }
})
