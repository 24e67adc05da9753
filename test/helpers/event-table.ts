/** The events of the map of notifications, and the table of them in `docs/events/index.md`. */
import { readFileSync } from 'node:fs'
import { notifications, type EventName } from 'fastify-green-api'
import type { Definition } from '../../lib/schemas/definition.ts'

const map = readFileSync(new URL('../../lib/schemas/notifications.ts', import.meta.url), 'utf8')
const head = ["| event | emitted for | GREEN-API's types, if they have other names |", '|---|---|---|']

/** Returns the table of events. `linkTo` returns the link to the description of an event. */
export function eventTable (linkTo: (name: EventName) => string): string {
  const rows = eventNames().map((name) => {
    const others = eventsAlsoEmittedAs(name).map((other) => `, and \`${other}\` events (check \`name\`)`)
    const types = otherTypes(name).map((type) => `\`${type}\``).join(', ')
    return `| [\`${name}\`](${linkTo(name)}) | ${notifications[name].summary}${others.join('')} | ${types} |`
  })
  return [...head, ...rows].join('\n')
}

/** Returns the names in the order of the map's source, which groups them. The keys of a module are sorted by name. */
export function eventNames (): EventName[] {
  // `Object.keys` returns `string[]`.
  const names = Object.keys(notifications) as EventName[]
  const place = (name: string) => map.search(new RegExp(`\\b${name}\\b.* from `))
  return names.sort((a, b) => place(a) - place(b))
}

/** Returns the events with another name that are also emitted under this name. */
export function eventsAlsoEmittedAs (name: EventName): EventName[] {
  return eventNames().filter((other) => other !== name && typesOf(other).includes(name))
}

/** Returns the other names under which the event is emitted. */
export function otherTypes (name: EventName): string[] {
  return typesOf(name).filter((type) => type !== name)
}

function typesOf (name: EventName): readonly string[] {
  const definition: Definition = notifications[name]
  return definition.kind === 'message' ? definition.typeMessages : definition.typeWebhooks
}
