import { readText, type Content } from '../../schemas/values.ts'
import { plain } from '../terminal.ts'
import type { Recorded } from './recorded.ts'

/** How many characters are shown of what a message says. */
const longest = 60

/** A message in a line: when, which way, with whom, its name, what it says, how far it has come, its id. `others` may have the menu that was tapped. */
export function lineOf (recorded: Recorded, others: readonly Recorded[]): string {
  const { event, chatId, idMessage, incoming, status } = recorded
  const parts = [timeOf(event.timestamp), `${incoming ? '<-' : '->'} ${chatId}`, nameOf(recorded), wordsOf(recorded, others), status, idMessage]
  return plain(parts.filter((part) => part !== '').join('  '))
}

// In UTC: whoever reads it compares it with a log.
function timeOf (timestamp: number): string {
  const date = new Date(timestamp * 1000)
  return Number.isNaN(date.getTime()) ? '(no time)' : date.toISOString().slice(0, 19).replace('T', ' ')
}

function nameOf ({ event }: Recorded): string {
  return event.name === 'unrecognized' ? `unrecognized (${event.typeMessage ?? event.reason})` : event.name
}

function wordsOf ({ event }: Recorded, others: readonly Recorded[]): string {
  if (event.name === 'unrecognized') return ''
  if (event.name !== 'buttonReply') return quote(textIn(event.data))
  const { buttonText, buttonId, stanzaId } = event.data
  const menu = others.find(({ idMessage }) => idMessage === stanzaId)
  const tapped = menu === undefined || menu.event.name === 'unrecognized' ? '' : quote(textIn(menu.event.data))
  return `${quote(buttonText)} (${buttonId}) of ${tapped || stanzaId}`
}

/** What a content says first, whatever it is of. */
function textIn (data: object): string {
  const { text, body, caption, name, displayName, fileName, reaction }: Content = { ...data }
  return [text, body, caption, name, displayName, fileName, reaction].map(readText).find((each) => each !== '') ?? ''
}

function quote (text: string): string {
  const line = plain(text)
  if (line === '') return ''
  return `"${line.length > longest ? `${line.slice(0, longest)}…` : line}"`
}
