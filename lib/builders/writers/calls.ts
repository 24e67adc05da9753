import type { Call } from '../../schemas/calls.ts'
import { omitUndefined, type ServiceEventWriter } from './writer.ts'

/** A call that comes in. */
export const incomingCall = {
  defaults: ({ chatId }): Call => ({ from: chatId, status: 'offer' }),
  write: ({ from, status, isVideo, duration, participants }, { instanceData, timestamp, idMessage }) => ({
    from, typeWebhook: 'incomingCall', instanceData, ...omitUndefined({ status }), timestamp, idMessage, ...omitUndefined({ isVideo, duration, participants })
  })
} satisfies ServiceEventWriter<'incomingCall'>

/** A call that goes out, whose end is spelled in another way than that of one that comes in. */
export const outgoingCall = {
  defaults: ({ chatId }): Call => ({ from: chatId, status: 'pickUp', isVideo: false, duration: 0, participants: [{ wid: chatId, status: 'pickUp' }] }),
  write: ({ from, status, isVideo, duration, participants }, { instanceData, timestamp, idMessage }) => ({
    typeWebhook: 'outgoingCall', instanceData, timestamp, idMessage, from, ...omitUndefined({ isVideo, duration, status: status === 'hangUp' ? 'hungUp' : status, participants })
  })
} satisfies ServiceEventWriter<'outgoingCall'>
