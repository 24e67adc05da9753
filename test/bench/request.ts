import { bodies, chatDigits, chatId, digits } from './bodies.ts'

export const host = '127.0.0.1'
export const path = '/green-api'
export const token = 'a-token-as-long-as-they-usually-are'

/** The bytes of a request, in which the message number and the chat can be replaced. */
interface WireRequest {
  readonly bytes: Buffer
  /** The position of the last digit of the message number. */
  readonly lastDigit: number
  /** The positions of the last digit of the chat's number. */
  readonly lastChatDigits: readonly number[]
}

/** Creates one request for each body. Every server gets the same requests. */
export function writeRequests (): readonly WireRequest[] {
  return bodies.map((body) => {
    const head = [
      `POST ${path} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`
    ]
    const bytes = Buffer.from([...head, '', body].join('\r\n'))
    return {
      bytes,
      lastDigit: bytes.lastIndexOf(digits) + digits.length - 1,
      lastChatDigits: placesOf(chatId, bytes).map((place) => place + chatId.indexOf('@') - 1)
    }
  })
}

function placesOf (text: string, bytes: Buffer): number[] {
  const places: number[] = []
  let place = bytes.indexOf(text)
  while (place !== -1) {
    places.push(place)
    place = bytes.indexOf(text, place + text.length)
  }
  return places
}

/** Replaces the message number and the chat in place. The length does not change. */
export function identify ({ bytes, lastDigit, lastChatDigits }: WireRequest, number: number): void {
  writeDigits(bytes, lastDigit, digits.length, number)
  for (const lastChatDigit of lastChatDigits) writeDigits(bytes, lastChatDigit, chatDigits.length, number)
}

function writeDigits (bytes: Buffer, last: number, length: number, number: number): void {
  let rest = number
  for (let index = last; index > last - length; index--) {
    bytes[index] = 0x30 + rest % 10
    rest = Math.floor(rest / 10)
  }
}
