export { channelNames, deliveries, listenerEnd, listenerStart, outcomes, recognitions } from './diagnostics/channels.ts'
export type { DeliverMessage, ListenerMessage, OutcomeMessage, RecognizeMessage } from './diagnostics/messages.ts'
