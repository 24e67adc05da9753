export { greenApi as default, greenApi } from './plugin.ts'

export type { GreenApiOptions, Token } from './options.ts'
export type { GreenApiEmitter, Listener } from './emitter.ts'
export type {
  Event, EventBase, EventMap, EventName, Failed, ListenableName, MessageBase, TypeMessage,
  Unrecognized, UnrecognizedReason, WireError
} from './events.ts'
export { IncompleteBodyError, InvalidOptionError, ListenerTimeoutError } from './errors.ts'

export { notifications } from './schemas/index.ts'
export {
  Button, CallButton, CopyButton, InteractiveButtons, ReplyButton, UnknownButton, UrlButton, WireInteractiveButtons
} from './schemas/interactive-buttons.ts'
export { ButtonReply, WireButtonReply } from './schemas/button-reply.ts'
export { OutgoingMessageStatus, Status, WireOutgoingMessageStatus, type KnownStatus } from './schemas/outgoing-message-status.ts'
export { InstanceData, JournalRecord, MessageWebhook, SenderData, Webhook } from './schemas/wire.ts'
