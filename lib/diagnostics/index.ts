/**
 * Diagnostics channels that the plugin publishes on.
 * @module fastify-green-api/diagnostics
 */
export {
  channelNames, deliverChannel, listenerEndChannel, listenerStartChannel, outcomeChannel, recognizeChannel,
  recoverChannel, sendChannel, unauthorizedChannel
} from './channels.ts'
export type { MessageTracing, TracedChannel } from './channels.ts'
export type {
  DeliverMessage, ListenerMessage, OutcomeMessage, RecognizeMessage, RecoverMessage, SendMessage, UnauthorizedMessage
} from './messages.ts'
