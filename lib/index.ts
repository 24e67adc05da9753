/**
 * The plugin, its options and its events.
 * @module fastify-green-api
 */
export { greenApi as default, greenApi } from './plugin.ts'

export type { BaseOptions, GreenApiOptions, PollingOnlyOptions, WebhookOptions } from './options.ts'
export type { PolledInstance, PollLookup } from './polling/index.ts'
export type { CredentialsLookup, InstanceCredentials, RecoverOptions } from './recovery/index.ts'
export type { Duration } from './util/duration.ts'
export type { Token, TokenLookup } from './http/index.ts'
export type { GreenApiEmitter, Listener } from './delivery/index.ts'
export type { DeadLetter, InboxControl, PageOptions } from './inbox/index.ts'
export type {
  DeadLetterEntry, DeliveryHandler, DueEntry, Inbox, InboxEntry, PageQuery, StoredEntry
} from './inbox/index.ts'
export type {
  ChatKind, ChatType, DataOf, EventBase, EventName, IncomingJournalMessage, JournalServiceEvent,
  JournalServiceEventName, MessageBase, MessageName, OutgoingJournalMessage, QuotedContent, QuotedMessage, ServiceEvent,
  ServiceEventName,
  TypeInstance, UnknownQuotedMessage, WebhookMessage
} from './events/index.ts'
export type {
  Event, EventMap, Failed, ListenableName, PollingStopped, TypeMessage, TypeWebhook, Unrecognized, UnrecognizedReason,
  ValidationIssue
} from './events/index.ts'
export {
  ConsumedBodyError, InboxError, IncompleteBodyError, InvalidOptionError, ListenerTimeoutError, PollingError
} from './errors.ts'

export { notifications } from './schemas/index.ts'
export {
  InstanceData, JournalRecord, MessageWebhook, SenderData, Webhook, WireQuotedMessage
} from './schemas/envelopes.ts'

export { Button, CallButton, CopyButton, ReplyButton, UnknownButton, UrlButton } from './schemas/buttons.ts'
export {
  ButtonsMessage, InteractiveButtons, ListMessage, ListRow, TemplateMessage, WireInteractiveButtons, WireListMessage,
  WireTemplateMessage
} from './schemas/menus.ts'
export { ButtonReply, WireButtonReply } from './schemas/button-reply.ts'
export { TextMessage, WireTextMessage } from './schemas/texts.ts'
export { FileMessage, WireFileMessage } from './schemas/files.ts'
export { LocationMessage, WireLocationMessage } from './schemas/location-message.ts'
export { Contact, ContactsArrayMessage, WireContact, WireContactsArrayMessage } from './schemas/contacts.ts'
export { PollMessage, PollUpdateMessage, WirePollMessage, WirePollUpdateMessage } from './schemas/polls.ts'
export { GroupInviteMessage, WireGroupInviteMessage } from './schemas/group-invite-message.ts'
export { ReactionMessage, WireReactionMessage } from './schemas/reaction-message.ts'
export { DeletedMessage, EditedMessage, WireDeletedMessage, WireEditedMessage } from './schemas/changes.ts'
export { MessageStatus, OutgoingMessageStatus, WireOutgoingMessageStatus } from './schemas/outgoing-message-status.ts'
export { Call, CallStatus, WireCall } from './schemas/calls.ts'
export { InstanceState, SocketStatus, StateInstanceChanged, StatusInstanceChanged } from './schemas/instance-state.ts'
export { QuotaExceeded, QuotaStatus, WireQuotaExceeded } from './schemas/quota-exceeded.ts'
export { AvatarInfo, DeviceInfo, WireAvatarInfo, WireDeviceInfo } from './schemas/device-info.ts'
export { ChatState, IncomingBlock } from './schemas/incoming-block.ts'
