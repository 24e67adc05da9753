import { hash } from 'node:crypto'
import { readText } from '../schemas/values.ts'

/**
 * What makes a notification the same however often it comes: the instance, the type, the id of
 * its message, and what else it takes (a status, say; else `''`).
 */
export interface Identity {
  readonly idInstance: string
  readonly type: string
  readonly state: string
  readonly idMessage: string
}

/** Longer parts are replaced by their digest, since identities are remembered. */
const maxPartLength = 200

/** The identity of a notification with this id; `undefined` where the id is none. */
export function identify (idMessage: unknown, idInstance: string, type: string, state = ''): Identity | undefined {
  const id = readText(idMessage)
  return id === '' ? undefined : { idInstance: short(idInstance), type: short(type), state: short(state), idMessage: short(id) }
}

/** The identity of what has no id: its content. */
export function identifyContent (digest: string): Identity {
  return { idInstance: '', type: '', state: '', idMessage: digest }
}

/** The identity as one text, which no other identity has, whatever the parts are made of; `''` for none. */
export function formatIdentity (identity: Identity | undefined): string {
  if (identity === undefined) return ''
  const { idInstance, type, state, idMessage } = identity
  if (type === '') return idMessage
  const id = `${escape(idInstance)}:${escape(type)}:${escape(idMessage)}`
  return state === '' ? id : `${id}:${escape(state)}`
}

/** A text as one of fixed length. */
export function digest (text: string): string {
  return hash('sha256', text, 'base64url')
}

function short (text: string): string {
  return text.length > maxPartLength ? digest(text) : text
}

function escape (part: string): string {
  return /[:%]/.test(part) ? part.replaceAll('%', '%25').replaceAll(':', '%3A') : part
}
