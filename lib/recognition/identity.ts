import { hash } from 'node:crypto'
import { readText } from '../schemas/values.ts'

/**
 * The parts that every delivery of one notification has in common.
 *
 * Two notifications about one message can differ in `state`, for example in the status of the message.
 */
export interface Identity {
  readonly idInstance: string
  /**
   * `typeWebhook`, the direction of a message, or a name for journal records of an unknown instance. `''` if
   * `idMessage` is a digest of the content.
   */
  readonly type: string
  /** `''` without one. */
  readonly state: string
  readonly idMessage: string
}

// Longer parts are replaced by their digest, because identities are kept in memory.
const maxPartLength = 200

/** The identity of a notification. Without an id it is that of its content, `text`. */
export function identify (
  idMessage: unknown, idInstance: string, type: string, state: string, text: string
): Identity {
  const id = readText(idMessage)
  if (id === '') return identifyContent(digest(text))
  return { idInstance: shorten(idInstance), type: shorten(type), state: shorten(state), idMessage: shorten(id) }
}

/** Kinds of messages about another message, in case they have its id. */
const changes = new Set(['editedMessage', 'deletedMessage'])

/**
 * The identity of a message of the kind `name`. The webhook body and the journal record of a message have the same, and
 * so do webhook bodies of either `typeWebhook` of outgoing messages.
 */
export function identifyMessage (
  idMessage: unknown, idInstance: string, direction: 'incoming' | 'outgoing', name: string, text: string
): Identity {
  return identify(idMessage, idInstance, direction, changes.has(name) ? name : '', text)
}

/** The identity of a notification that has no id, by the digest of its content. */
export function identifyContent (digest: string): Identity {
  return { idInstance: '', type: '', state: '', idMessage: digest }
}

/** The identity as one text. Different identities have different texts, whatever characters the parts contain. */
export function formatIdentity ({ idInstance, type, state, idMessage }: Identity): string {
  if (type === '') return idMessage
  const id = `${escape(idInstance)}:${escape(type)}:${escape(idMessage)}`
  return state === '' ? id : `${id}:${escape(state)}`
}

/** SHA-256 as base64url, 43 characters. */
export function digest (text: string): string {
  return hash('sha256', text, 'base64url')
}

function shorten (part: string): string {
  return part.length > maxPartLength ? digest(part) : part
}

function escape (part: string): string {
  return /[:%]/.test(part) ? part.replaceAll('%', '%25').replaceAll(':', '%3A') : part
}
