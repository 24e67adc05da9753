import { requiredSettings, type WebhookSettingName } from '../../green-api/index.ts'
import type { Definition, MessageDefinition } from '../../schemas/definition.ts'
import { notifications, origins, textNames } from '../../schemas/index.ts'
import { UsageError } from '../command.ts'
import { suggest } from '../suggest.ts'

const definitions: ReadonlyArray<readonly [name: string, definition: Definition]> =
  Object.entries<Definition>(notifications)

/**
 * Lists the events that arrive only while a setting is `yes`.
 *
 * A message can arrive under three `typeWebhook`s. This considers only the usual one.
 */
export function eventsRequiring (setting: WebhookSettingName): string[] {
  const requires = (typeWebhook: string, typeMessage?: string) => {
    return requiredSettings({ typeWebhook, typeMessage }).includes(setting)
  }
  const events = definitions.filter(([name, definition]) => {
    // An event that is not a message has its typeWebhook as its name.
    if (definition.kind !== 'message') return requires(name)
    return definition.typeMessages.every((typeMessage) => requires(usualOrigin(name), typeMessage))
  })
  return [...Object.keys(origins).filter((typeWebhook) => requires(typeWebhook)), ...events.map(([name]) => name)]
}

/** Menus are sent through the API; all other messages usually come from contacts. */
function usualOrigin (name: string): keyof typeof origins {
  return name === 'interactiveButtons' ? 'outgoingAPIMessageReceived' : 'incomingMessageReceived'
}

/**
 * Parses a comma-separated list of event names. A `typeMessage` stands for the events that have it.
 *
 * @throws {UsageError} if the list is empty or has an unknown name
 */
export function parseEventNames (text: string): Set<string> {
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '')
  if (names.length === 0) {
    throw new UsageError(
      '--events is empty. List event names separated by commas, such as buttonReply,outgoingMessageStatus.'
    )
  }
  return new Set(names.flatMap(resolveEventName))
}

function resolveEventName (name: string): string[] {
  if (name === 'incomingText') return [...textNames]
  const known = ['incomingText', ...Object.keys(origins), ...definitions.map(([event]) => event)]
  if (known.includes(name)) return [name]
  const events = definitions
    .filter(([, definition]) => definition.kind === 'message' && hasTypeMessage(definition, name))
    .map(([event]) => event)
  if (events.length === 0) throw new UsageError(`Unknown event "${name}" in --events. ${suggest(name, known)}`)
  return events
}

function hasTypeMessage ({ typeMessages }: MessageDefinition, typeMessage: string): boolean {
  return typeMessages.includes(typeMessage)
}
