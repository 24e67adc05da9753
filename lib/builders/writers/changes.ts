import type { EditedMessage } from '../../schemas/changes.ts'
import { omitUndefined, type MessageWriter } from './writer.ts'

export const editedMessage = {
  // An edited file has a caption and no text.
  defaults: ({ source }, { caption }): EditedMessage => ({
    stanzaId: source.id('android'),
    ...caption === undefined && { text: 'Is it there now?' }
  }),
  write: ({ stanzaId, text, caption, ...rest }) => ({
    typeMessage: 'editedMessage',
    editedMessageData: { ...omitUndefined({ textMessage: text, caption }), stanzaId, ...rest }
  })
} satisfies MessageWriter<'editedMessage'>

export const deletedMessage = {
  defaults: ({ source }) => ({ stanzaId: source.id('android') }),
  write: (deletedMessageData) => ({ typeMessage: 'deletedMessage', deletedMessageData })
} satisfies MessageWriter<'deletedMessage'>
