import { errorMessage } from '../../util/error-message.ts'
import { notifications } from '../../schemas/index.ts'
import { createBuilders } from '../../builders/create-builders.ts'
import { nearest } from '../../util/nearest.ts'
import { UsageError } from '../usage-error.ts'

/** How to build a notification, as the command line says it. */
export interface BuildOptions {
  readonly data?: object
  readonly around?: object
  readonly chatId?: string
  readonly idInstance?: string
  readonly device?: string
}

/** The names of the notifications that can be built. */
export const names: readonly string[] = Object.keys(notifications)

/** Whether a notification of this name can be built. */
export function isName (name: string): name is keyof typeof notifications {
  return names.includes(name)
}

/**
 * Builds the notification of this name, as a text.
 *
 * @throws {UsageError} where what it is to say cannot be said so
 */
export function build (name: keyof typeof notifications, { data = {}, around = {}, chatId, idInstance, device }: BuildOptions): string {
  if (device !== undefined && name !== 'buttonReply') throw new UsageError(`--device is for buttonReply, and ${name} comes alike from all: leave it out`)
  checkMembers(name, data)
  // What the builder takes is as many types as there are names; what was typed is of none of them.
  const builder: (content: object, around: object) => object = createBuilders({ chatId, idInstance })[name]
  try {
    return JSON.stringify(builder({ ...device !== undefined && { device }, ...data }, around))
  } catch (error) {
    throw new UsageError(`--data or --around is not what ${name} is made of (${errorMessage(error)}): write what event.data and the event have`)
  }
}

/** Says that there is no such name, and which there are. */
export function explainUnknown (name: string): string {
  const near = nearest(name, names)
  const hint = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
  return `there is no notification "${name}", and no such file.${hint}\nWrite the path of a JSON file, or one of ${names.join(', ')}`
}

function checkMembers (name: keyof typeof notifications, data: object): void {
  // Of each kind, the schema is of an object.
  const { properties } = notifications[name].data as { properties: object }
  const known = [...Object.keys(properties), ...name === 'buttonReply' ? ['device', 'typeMessage', 'menu'] : []]
  for (const member of Object.keys(data)) {
    if (!known.includes(member)) throw new UsageError(`--data has "${member}", which ${name} has not: write some of ${known.join(', ')}`)
  }
}
