/**
 * The README's table of events, made of the map of notifications.
 *
 * `npx tsx test/event-table.ts` prints it.
 */
import { readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { TObject } from '@sinclair/typebox'
import { notifications } from '../lib/index.ts'
import type { Definition } from '../lib/schemas/definition.ts'

const map = readFileSync(new URL('../lib/schemas/notifications.ts', import.meta.url), 'utf8')
const head = ['| listen to | for | `data` | and under its type, one of |', '|---|---|---|---|']

export function eventTable (): string {
  const seen = new Map<unknown, string>()
  const definitions = Object.entries<Definition>(notifications).sort(([a], [b]) => order(a) - order(b))
  const rows = definitions.map(([name, definition]) => {
    const { summary, page, data } = definition
    const cells = [`[\`${name}\`](${page})`, [summary, ...strangers(name)].join('; '), seen.has(data) ? `as \`${seen.get(data)}\`` : shape(data as TObject), others(name, definition)]
    if (!seen.has(data)) seen.set(data, name)
    return `| ${cells.join(' | ')} |`
  })
  return [...head, ...rows].join('\n')
}

// A module forgets the order of its exports, which puts together what belongs together.
function order (name: string): number {
  return map.search(new RegExp(`\\b${name}\\b.* from `))
}

// Kinds of another name that are announced under this one as well.
function strangers (name: string): string[] {
  const others = Object.entries<Definition>(notifications).filter(([other, definition]) => other !== name && typesOf(definition).includes(name))
  return others.map(([other]) => `\`${other}\` too, look at \`name\``)
}

function shape ({ properties, required = [] }: TObject): string {
  const members = Object.keys(properties).map((member) => required.includes(member) ? member : `${member}?`)
  return `\`{ ${members.join(', ')} }\``
}

function others (name: string, definition: Definition): string {
  return typesOf(definition).filter((type) => type !== name).map((type) => `\`${type}\``).join(', ')
}

function typesOf (definition: Definition): readonly string[] {
  return definition.kind === 'message' ? definition.typeMessages : definition.typeWebhooks
}

if (argv[1] === fileURLToPath(import.meta.url)) console.log(eventTable())
