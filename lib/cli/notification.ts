import { isObject, readText, type Content } from '../schemas/values.ts'

/** What a body says of itself, where it says it. */
export interface Announced {
  readonly typeWebhook?: string
  readonly typeMessage?: string
  readonly idMessage?: string
  /** What became of a message, or of the instance. */
  readonly state?: string
}

/** Reads what a body says of itself, whatever it may be. */
export function announcedBy (body: unknown): Announced {
  const { typeWebhook, messageData, typeMessage, idMessage, status, stateInstance }: Content = isObject(body) ? body : {}
  const type = isObject(messageData) ? messageData.typeMessage : typeMessage
  const said = Object.entries({ typeWebhook, typeMessage: type, state: status ?? stateInstance, idMessage })
  return Object.fromEntries(said.map(([name, value]) => [name, readText(value)]).filter(([, value]) => value !== ''))
}

/** The same in a few words; none where it says nothing. */
export function describe (body: unknown): string {
  return Object.values(announcedBy(body)).join(' ')
}
