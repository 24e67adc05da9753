import type { ServiceEventWriter } from './writer.ts'

export const outgoingMessageStatus = {
  defaults: () => ({ status: 'delivered', sendByApi: true }),
  write: (data, { instanceData, timestamp, idMessage, chatId }) => ({
    typeWebhook: 'outgoingMessageStatus', chatId, instanceData, timestamp, idMessage, ...data
  })
} satisfies ServiceEventWriter<'outgoingMessageStatus'>
