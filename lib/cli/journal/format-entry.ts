import { mainText } from '../main-text.ts'
import { stripControlCharacters } from '../terminal.ts'
import type { JournalEntry } from './entry.ts'

const maxQuoteLength = 60

/** Formats an entry as one line. `entries` are searched for the menu of a tapped button. */
export function formatEntry (entry: JournalEntry, entries: readonly JournalEntry[]): string {
  const { event, chatIds, idMessage, incoming, status } = entry
  const parts = [
    formatTime(event.timestamp),
    `${incoming ? '<-' : '->'} ${chatIds.join(', ')}`,
    formatName(entry),
    formatContent(entry, entries),
    status,
    idMessage
  ]
  return stripControlCharacters(parts.filter((part) => part !== '').join('  '))
}

/** Formats a Unix time in seconds. In UTC, like the logs that it is compared with. */
export function formatTime (timestamp: number): string {
  const date = new Date(timestamp * 1000)
  return Number.isNaN(date.getTime()) ? '(no time)' : date.toISOString().slice(0, 19).replace('T', ' ')
}

function formatName ({ event }: JournalEntry): string {
  return event.name === 'unrecognized' ? `unrecognized (${event.typeMessage ?? event.reason})` : event.name
}

function formatContent ({ event }: JournalEntry, entries: readonly JournalEntry[]): string {
  if (event.name === 'unrecognized') return ''
  if (event.name !== 'buttonReply') return quote(mainText(event.data))
  const { buttonText, buttonId, stanzaId } = event.data
  const menu = entries.find(({ idMessage }) => idMessage === stanzaId)
  const menuText = menu === undefined || menu.event.name === 'unrecognized' ? '' : quote(mainText(menu.event.data))
  return `${quote(buttonText)} (${buttonId}) of ${menuText || stanzaId}`
}

function quote (text: string): string {
  const line = stripControlCharacters(text)
  if (line === '') return ''
  return `"${line.length > maxQuoteLength ? `${line.slice(0, maxQuoteLength)}…` : line}"`
}
