export { channelNames, deliveries, listenerEnd, listenerStart, outcomes, recognitions, refusals } from './channels.ts'
export type { DeliverMessage, ListenerMessage, OutcomeMessage, RecognizeMessage, RefusalMessage } from './messages.ts'
