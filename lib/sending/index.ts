/**
 * Sends messages through GREEN-API, and binds menus to the taps on them.
 * @module fastify-green-api/sending
 */
export {
  Sender, type AnswerOf, type AskOptions, type CallArguments, type FileContent,
  type RequestOf
} from './sender.ts'
export {
  defineMenu, type Menu, type MenuButton, type MenuDefinition, type MenuHandlers, type MenuMessage, type MenuOptions,
  type MenuTap,
  type Replier
} from './menu.ts'
export { SendError, type Quota } from './send-error.ts'
export { NoAnswerError, type TapEmitter } from './ask.ts'
export type { ButtonsMessage, Content, ReplyButton } from './content.ts'
export type { CallOptions, ReplyOptions, SendOptions, SenderOptions } from './options.ts'
export type { Answers, Forwarded, Sent, SentFile } from './answers.ts'
export type { AnswerableEvent, Authored } from './own-message.ts'
export type { RequestButton, SendMethod } from '../green-api/index.ts'
