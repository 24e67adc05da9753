import { minifyJson, sliceMember } from './json-text.ts'

/*
 * The queue envelope: GREEN-API's `receiveNotification` answers `{ receiptId, body }`. `body` is the body of a
 * webhook. If the same notification is handed out again, `receiptId` is another number.
 */

// Digits are also accepted in quotes.
const receipt = String.raw`"receiptId"\s*:\s*"?(\d+)"?`
const anyReceipt = new RegExp(receipt)
const firstReceipt = new RegExp(String.raw`^\s*\{\s*${receipt}`)
const lastReceipt = new RegExp(String.raw`${receipt}\s*\}\s*$`)
const envelopeStart = new RegExp(String.raw`${firstReceipt.source}\s*,\s*"body"\s*:`)

/** The `body` of a parsed envelope. Any other value is returned as it is. */
export function unwrapEnvelope (parsed: unknown): unknown {
  if (typeof parsed !== 'object' || parsed === null || !('receiptId' in parsed) || !('body' in parsed)) return parsed
  const { body } = parsed
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : parsed
}

/** The minified text of the `body` in the JSON text of an envelope. */
export function sliceEnvelopeBody (json: string): string {
  const text = minifyJson(json)
  // An escape in the name, `"b\u006fdy"`, hides the member from a search of the text.
  return sliceMember(text, 'body') ?? text
}

/**
 * The text inside an envelope that is not valid JSON. The start of the envelope is well-formed, its closing brace may
 * be missing. Any other text is returned as it is.
 */
export function unwrapInvalidEnvelope (text: string): string {
  const [start = ''] = envelopeStart.exec(text) ?? []
  return start === '' ? text : text.slice(start.length).trimEnd().replace(/\}$/, '')
}

/** The start of an envelope up to the end of its receipt id, the part that differs each time; `''` without one. */
export function envelopePrefix (text: string): string {
  return firstReceipt.exec(text)?.[0] ?? ''
}

/**
 * The digits of the `receiptId` of an envelope; `undefined` without one. It stays text because a number could lose
 * digits. For an oversized body, only the `head` is known.
 *
 * An envelope that is not valid JSON has to be deleted from the queue too, or it holds back all later ones. So any
 * text is searched for the id.
 */
export function readReceiptId (body: string | { readonly head: string }): string | undefined {
  if (typeof body !== 'string') return receiptBeforeBody(body.head)
  try {
    JSON.parse(body)
  } catch {
    return receiptBeforeBody(body) ?? lastReceipt.exec(body)?.[1]
  }
  return sliceMember(minifyJson(body), 'receiptId')?.match(/^"?(\d+)"?$/)?.[1]
}

// Not inside the body, where the sender of a message could have written a receipt id.
function receiptBeforeBody (text: string): string | undefined {
  return anyReceipt.exec(text.replace(/"body".*/s, ''))?.[1]
}
