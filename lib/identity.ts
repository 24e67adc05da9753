import { hash } from 'node:crypto'

/** Longer parts of an identity are remembered by their digest. */
const longest = 200

/**
 * The identity of a notification: the same for every redelivery, and for no other notification,
 * whatever its parts are made of.
 *
 * `''` where it has no id of its own on the wire, or one that lost digits on being parsed.
 */
export function identity (idMessage: string | number | null | undefined, idInstance: string, ...kind: readonly [string, string?]): string {
  if (idMessage == null || idMessage === '') return ''
  if (typeof idMessage === 'number' && !Number.isSafeInteger(idMessage)) return ''
  const [type, state] = kind
  const id = `${part(idInstance)}:${part(type)}:${part(String(idMessage))}`
  return state === undefined ? id : `${id}:${part(state)}`
}

/** A text as a part of fixed length. */
export function digest (text: string): string {
  return hash('sha256', text, 'base64url')
}

function part (text: string): string {
  const short = text.length > longest ? digest(text) : text
  return /[:%]/.test(short) ? short.replaceAll('%', '%25').replaceAll(':', '%3A') : short
}
