export { channelNames, deliverChannel, listenerEnd, listenerStart, outcomeChannel, recognizeChannel, unauthorizedChannel } from './channels.ts'
export type { DeliverMessage, ListenerMessage, OutcomeMessage, RecognizeMessage, UnauthorizedMessage } from './messages.ts'
