import type { EditedMessage } from '../../schemas/changes.ts'
import { omitUndefined, type MessageWriter } from './writer.ts'

/** A message that was edited: a text, unless a caption is given. */
export const editedMessage = {
  defaults: ({ source }, { caption }): EditedMessage => ({ stanzaId: source.id('android'), ...caption === undefined && { text: 'Is it there now?' } }),
  write: ({ stanzaId, text, caption }) => ({ typeMessage: 'editedMessage', editedMessageData: { ...omitUndefined({ textMessage: text, caption }), stanzaId } })
} satisfies MessageWriter<'editedMessage'>

/** A message that was deleted. */
export const deletedMessage = {
  defaults: ({ source }) => ({ stanzaId: source.id('android') }),
  write: ({ stanzaId }) => ({ typeMessage: 'deletedMessage', deletedMessageData: { stanzaId } })
} satisfies MessageWriter<'deletedMessage'>
