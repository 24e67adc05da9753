export {
  channelNames, deliverChannel, listenerEndChannel, listenerStartChannel, outcomeChannel, recognizeChannel,
  unauthorizedChannel
} from './channels.ts'
export type {
  DeliverMessage, ListenerMessage, OutcomeMessage, RecognizeMessage, UnauthorizedMessage
} from './messages.ts'
