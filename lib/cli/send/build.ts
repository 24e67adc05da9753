import { errorMessage } from '../../util/error-message.ts'
import { notifications } from '../../schemas/index.ts'
import { createBuilders } from '../../builders/index.ts'
import { UsageError } from '../command.ts'
import { suggest } from '../suggest.ts'

export type EventName = keyof typeof notifications

export interface BuildOptions {
  readonly data?: object
  readonly around?: object
  readonly chatId?: string
  readonly idInstance?: string
  readonly device?: string
}

export const eventNames: readonly string[] = Object.keys(notifications)

export function isEventName (name: string): name is EventName {
  return eventNames.includes(name)
}

/**
 * Builds the body of a notification, as text.
 *
 * @throws {UsageError} if the options do not fit the event
 */
export function buildNotification (
  name: EventName, { data = {}, around = {}, chatId, idInstance, device }: BuildOptions
): string {
  if (device !== undefined && name !== 'buttonReply') {
    throw new UsageError(`--device applies only to buttonReply, not to ${name}. Remove it.`)
  }
  checkFields(name, data)
  // Each builder has its own parameter types. What was typed has none of them, so the builder checks it.
  const builder: (content: object, around: object) => object = createBuilders({ chatId, idInstance })[name]
  try {
    return JSON.stringify(builder({ ...device !== undefined && { device }, ...data }, around))
  } catch (error) {
    throw new UsageError(
      `Invalid --data or --around for ${name} (${errorMessage(error)}). ` +
      "Use the fields of event.data for --data, and the event's other fields for --around."
    )
  }
}

function checkFields (name: EventName, data: object): void {
  // The schema of each event's data is an object schema.
  const { properties } = notifications[name].data as { properties: object }
  const known = [...Object.keys(properties), ...name === 'buttonReply' ? ['device', 'typeMessage', 'menu'] : []]
  for (const field of Object.keys(data)) {
    if (!known.includes(field)) {
      throw new UsageError(`Unknown field "${field}" in --data for ${name}. ${suggest(field, known)}`)
    }
  }
}
