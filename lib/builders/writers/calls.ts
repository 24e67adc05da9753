import type { Call } from '../../schemas/calls.ts'
import { omitUndefined, type ServiceEventWriter } from './writer.ts'

export const incomingCall = {
  defaults: ({ chatId }): Call => ({ from: chatId, status: 'offer' }),
  write: ({ from, status, ...rest }, { instanceData, timestamp, idMessage }) => ({
    from,
    typeWebhook: 'incomingCall',
    instanceData,
    ...omitUndefined({ status }),
    timestamp,
    idMessage,
    ...rest
  })
} satisfies ServiceEventWriter<'incomingCall'>

export const outgoingCall = {
  defaults: ({ chatId }): Call => ({
    from: chatId,
    isVideo: false,
    duration: 0,
    status: 'pickUp',
    participants: [{ wid: chatId, status: 'pickUp' }]
  }),
  write: ({ from, isVideo, duration, status, ...rest }, { instanceData, timestamp, idMessage }) => ({
    typeWebhook: 'outgoingCall',
    instanceData,
    timestamp,
    idMessage,
    from,
    // GREEN-API sends the end of an outgoing call as hungUp, the end of an incoming call as hangUp.
    ...omitUndefined({ isVideo, duration, status: status === 'hangUp' ? 'hungUp' : status }),
    ...rest
  })
} satisfies ServiceEventWriter<'outgoingCall'>
