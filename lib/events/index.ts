export type {
  Event, EventMap, Failed, ListenableName, MisleadingName, PollingStopped, Reports, TypeMessage, TypeWebhook,
  Unrecognized, UnrecognizedReason, ValidationIssue
} from './event-map.ts'
export type {
  ChatKind, ChatType, DataOf, EventBase, EventName, IncomingJournalMessage, JournalServiceEvent,
  JournalServiceEventName, MessageBase, MessageName, OutgoingJournalMessage, OwnTypeMessage, OwnTypeWebhook,
  QuotedContent, QuotedMessage, ServiceEvent, ServiceEventName, TypeInstance, UnknownQuotedMessage, WebhookMessage
} from './event-types.ts'
