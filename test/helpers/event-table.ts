/**
 * The README's table of events, made of the map of notifications.
 *
 * `npm run docs:table` prints it.
 */
import { readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { notifications, type EventName } from 'fastify-green-api'
import type { Definition } from '../../lib/schemas/definition.ts'

const map = readFileSync(new URL('../../lib/schemas/notifications.ts', import.meta.url), 'utf8')
const head = ['| listen to | for |', '|---|---|']

export function eventTable (): string {
  const rows = eventNames().map((name) => `| [\`${name}\`](docs/events.md#${name.toLowerCase()}) | ${[notifications[name].summary, ...strangers(name)].join('; ')} |`)
  return [...head, ...rows].join('\n')
}

/** The names of the map, in its order: a module forgets that of its exports, which puts together what belongs together. */
export function eventNames (): EventName[] {
  // Of an object's keys, TypeScript forgets the names.
  const names = Object.keys(notifications) as EventName[]
  const place = (name: string) => map.search(new RegExp(`\\b${name}\\b.* from `))
  return names.sort((a, b) => place(a) - place(b))
}

/** Kinds of another name that are announced under this one as well. */
export function strangers (name: EventName): string[] {
  const others = eventNames().filter((other) => other !== name && typesOf(other).includes(name))
  return others.map((other) => `\`${other}\` too, look at \`name\``)
}

/** What else announces the kind, besides its name. */
export function otherTypes (name: EventName): string[] {
  return typesOf(name).filter((type) => type !== name)
}

function typesOf (name: EventName): readonly string[] {
  const definition: Definition = notifications[name]
  return definition.kind === 'message' ? definition.typeMessages : definition.typeWebhooks
}

if (argv[1] === fileURLToPath(import.meta.url)) console.log(eventTable())
