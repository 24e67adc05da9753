import { omitUndefined, type ServiceEventWriter } from './writer.ts'

/** What became of a message. */
export const outgoingMessageStatus = {
  defaults: () => ({ status: 'delivered', sendByApi: true }),
  write: ({ status, sendByApi, description }, { instanceData, timestamp, idMessage, chatId }) => ({
    typeWebhook: 'outgoingMessageStatus', chatId, instanceData, timestamp, idMessage, status, ...omitUndefined({ sendByApi, description })
  })
} satisfies ServiceEventWriter<'outgoingMessageStatus'>
