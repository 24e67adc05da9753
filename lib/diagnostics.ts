export { channelNames, deliveries, listenerEnd, listenerStart, outcomes, recognitions, refusals } from './diagnostics/channels.ts'
export type { DeliverMessage, ListenerMessage, OutcomeMessage, RecognizeMessage, RefusalMessage } from './diagnostics/messages.ts'
