/**
 * The second half of `docs/events.md`: every kind of notification, with an example, made of the
 * map, its docstrings and the builders. The first half is written by hand.
 *
 * `npm run docs:events` writes it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { TSchema } from '@sinclair/typebox'
import { notifications, type EventName } from 'fastify-green-api'
import { createBuilders } from 'fastify-green-api/testing'
import { recognize } from '../../lib/recognition/recognize.ts'
import type { Definition } from '../../lib/schemas/definition.ts'
import { eventNames, otherTypes, strangers } from './event-table.ts'
import { memberDocstrings, type Docstrings } from './member-docstrings.ts'

const page = new URL('../../docs/events.md', import.meta.url)
const beginning = '<!-- From here on, npm run docs:events writes this page. -->\n'

/** The page as it should be, its first half as it is. */
export function eventsPage (): string {
  const [prose = ''] = readPage().split(beginning)
  const docstrings = memberDocstrings()
  const names = eventNames()
  const contents = names.map((name) => `- [\`${name}\`](#${name.toLowerCase()}): ${notifications[name].summary}`)
  return [prose + beginning, '## Every kind', contents.join('\n'), ...names.flatMap((name) => section(name, docstrings))].join('\n\n').replace(`${beginning}\n`, beginning) + '\n'
}

/** The page as it is. */
export function readPage (): string {
  return readFileSync(page, 'utf8')
}

function section (name: EventName, docstrings: Docstrings): string[] {
  const { kind, summary, page, data }: Definition = notifications[name]
  const body = createBuilders({ seed: name })[name]()
  const { raw, ...event } = recognize(JSON.stringify(body)).event
  const types = otherTypes(name).map((type) => `\`${type}\``).join(', ')
  return [
    `### \`${name}\``,
    [`${summary[0]?.toUpperCase()}${summary.slice(1)}. It is ${kind === 'message' ? 'a message' : 'a service event'}; GREEN-API [describes it](${page}).`,
      types === '' ? '' : `It is emitted under its type as well, one of ${types}.`,
      ...strangers(name).map((stranger) => `Under this name comes ${stranger}.`)].filter((sentence) => sentence !== '').join(' '),
    ['| member of `data` | type | |', '|---|---|---|', ...members(data, '', (path) => docstrings(name, path))].join('\n'),
    details('What GREEN-API posts', body),
    details('What a listener receives, `raw` left out', event)
  ]
}

function members (schema: TSchema, path: string, docstring: (path: string) => string): string[] {
  const { properties = {}, required = [] } = schema
  return Object.entries<TSchema>(properties).flatMap(([name, member]) => {
    const isList = member.type === 'array'
    const own = `${path}${name}`
    const row = `| \`${own}${required.includes(name) ? '' : '?'}\` | ${typeOf(member)} | ${docstring(own).replaceAll('|', '\\|')} |`
    return [row, ...members(isList ? member.items : member, `${own}${isList ? '[]' : ''}.`, docstring)]
  })
}

function typeOf (schema: TSchema): string {
  if (schema.type === 'array') return schema.items.anyOf === undefined ? `list of ${typeOf(schema.items)}` : 'list of [buttons](#buttons)'
  if (Array.isArray(schema.examples)) return [...schema.examples.map((text) => `\`'${text}'\``), 'or another text'].join(', ')
  return schema.type === 'object' ? 'objects' : `\`${schema.type === 'integer' ? 'number' : schema.type}\``
}

function details (title: string, value: unknown): string {
  return `<details>\n<summary>${title.replaceAll(/`(\w+)`/g, '<code>$1</code>')}</summary>\n\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n\n</details>`
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, eventsPage())
