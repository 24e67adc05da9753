import { bodies, digits } from './bodies.ts'

export const host = '127.0.0.1'
export const path = '/green-api'
export const token = 'a-token-as-long-as-they-usually-are'

/** A request as it goes over the wire, in which the identity can be replaced. */
export interface WireRequest {
  readonly bytes: Buffer
  /** Where the last digit of the identity is. */
  readonly lastDigit: number
}

/** One request for each of the bodies. Every server is sent the same. */
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
    return { bytes, lastDigit: bytes.lastIndexOf(digits) + digits.length - 1 }
  })
}

/** Gives the request the identity `number`, in place: the length stays the same. */
export function identify ({ bytes, lastDigit }: WireRequest, number: number): void {
  let rest = number
  for (let index = lastDigit; index > lastDigit - digits.length; index--) {
    bytes[index] = 0x30 + rest % 10
    rest = Math.floor(rest / 10)
  }
}
