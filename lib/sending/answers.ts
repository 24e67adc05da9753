import type { Body } from '../body/index.ts'
import { isSendMethod, type AnswerWithHeaders, type SendMethod } from '../green-api/index.ts'
import { isObject, readText } from '../schemas/values.ts'
import { refused, unexpectedAnswer, type Call } from './explain-failure.ts'

/** A message that GREEN-API accepted. */
export interface Sent {
  /** The id of the message. Its statuses, and taps on its buttons (as `stanzaId`), have the same id. */
  readonly idMessage: string
}

/** A file that GREEN-API accepted. */
export interface SentFile extends Sent {
  /** Where GREEN-API stores the file for some days, for `sendFileByUrl`. `''` if the answer does not contain it. */
  readonly urlFile: string
}

/** Messages that GREEN-API accepted, in order. */
export interface Forwarded {
  /** The ids of the new messages. */
  readonly messages: readonly string[]
}

/** What the methods resolve with. */
export interface Answers extends Record<SendMethod, unknown> {
  sendMessage: Sent
  sendInteractiveButtons: Sent
  sendInteractiveButtonsReply: Sent
  sendPoll: Sent
  sendLocation: Sent
  sendContact: Sent
  sendFileByUrl: Sent
  sendFileByUpload: SentFile
  forwardMessages: Forwarded
  editMessage: Sent
  deleteMessage: void
  readChat: { readonly setRead: boolean }
  sendTyping: void
}

/**
 * Returns what the method resolves with.
 *
 * @throws {SendError} when the status is not 200, or the answer is not the method's
 */
export function readAnswer (call: Call, answer: AnswerWithHeaders, token: string): unknown {
  if (answer.status !== 200) throw refused(call, answer, token)
  const { method } = call
  // Their answers are empty.
  if (method === 'deleteMessage' || method === 'sendTyping') return undefined
  const json = parseJson(answer.body)
  if (!isSendMethod(method)) {
    if (json === invalid) throw unexpectedAnswer(call, answer, 'valid JSON', token)
    return json
  }
  const members = isObject(json) ? json : {}
  if (method === 'readChat') return { setRead: members.setRead === true }
  if (method === 'forwardMessages') {
    if (!Array.isArray(members.messages)) throw unexpectedAnswer(call, answer, 'the ids of the messages', token)
    return { messages: members.messages.map(readText) }
  }
  const idMessage = readText(members.idMessage)
  if (idMessage === '') throw unexpectedAnswer(call, answer, 'the id of the message', token)
  return method === 'sendFileByUpload' ? { idMessage, urlFile: readText(members.urlFile) } : { idMessage }
}

const invalid = Symbol('invalid JSON')

function parseJson (body: Body): unknown {
  if (typeof body !== 'string') return invalid
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return invalid
  }
}
