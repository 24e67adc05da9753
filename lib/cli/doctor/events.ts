import { requiredSettings, type WebhookSettingName } from '../../green-api/instance-settings.ts'
import type { Definition, MessageDefinition } from '../../schemas/definition.ts'
import { notifications, origins } from '../../schemas/index.ts'
import { nearest } from '../../util/nearest.ts'
import { UsageError } from '../usage-error.ts'

const definitions: ReadonlyArray<readonly [name: string, definition: Definition]> = Object.entries<Definition>(notifications)

/**
 * The events that need a setting to be `yes`: those that come under the types that it lets through.
 * A message can come in three ways; here it does as it usually does.
 */
export function eventsBehind (setting: WebhookSettingName): string[] {
  const isBehind = (typeWebhook: string, typeMessage?: string) => requiredSettings({ typeWebhook, typeMessage }).includes(setting)
  const sources = Object.keys(origins).filter((typeWebhook) => isBehind(typeWebhook))
  const events = definitions.filter(([name, definition]) => {
    if (definition.kind === 'message') return definition.typeMessages.every((typeMessage) => isBehind(usualOrigin(name), typeMessage))
    // A notice comes under its own name, whatever else it comes under.
    return isBehind(name)
  })
  return [...sources, ...events.map(([name]) => name)]
}

// A menu comes back from the API that sent it; all else is what contacts do.
function usualOrigin (name: string): keyof typeof origins {
  return name === 'interactiveButtons' ? 'outgoingAPIMessageReceived' : 'incomingMessageReceived'
}

/**
 * The events that somebody listens to, as their names are written with commas; of one that has
 * several types, each of these will do.
 *
 * @throws {UsageError} where there is no such event
 */
export function readEvents (text: string): Set<string> {
  const written = text.split(',').map((name) => name.trim()).filter((name) => name !== '')
  if (written.length === 0) throw new UsageError('--events is empty: write the names of events with commas, such as buttonReply,outgoingMessageStatus')
  return new Set(written.flatMap(resolve))
}

function resolve (written: string): string[] {
  const names = [...Object.keys(origins), ...definitions.map(([name]) => name)]
  if (names.includes(written)) return [written]
  const owners = definitions.filter(([, definition]) => definition.kind === 'message' && hasType(definition, written))
  if (owners.length > 0) return owners.map(([name]) => name)
  const near = nearest(written, names)
  throw new UsageError(`--events has "${written}", which is no event: write ${near.length === 0 ? `some of ${names.join(', ')}` : near.join(' or ')}`)
}

function hasType ({ typeMessages }: MessageDefinition, type: string): boolean {
  return typeMessages.includes(type)
}
