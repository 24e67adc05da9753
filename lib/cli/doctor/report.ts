import { formatTime } from '../journal/format-entry.ts'
import { paint, print, stripControlCharacters, type Output, type TextStyle } from '../terminal.ts'
import type { Finding, Level, MissingMessage } from './finding.ts'

const colors: Readonly<Record<Level, TextStyle>> = { ok: 'green', note: 'cyan', warning: 'yellow', problem: 'red' }

/** Prints findings as text, followed by the number of problems and warnings. */
export function printFindings (findings: readonly Finding[], output: Output): void {
  for (const { level, subject, message, fix, events = [], missing = [] } of findings) {
    print(
      output,
      `${paint(output, colors[level], level)} ${paint(output, 'bold', subject)}: ${message}`,
      ...events.length === 0 ? [] : [paint(output, 'dim', `  events: ${events.join(', ')}`)],
      ...missing.map((message) => `  ${formatMissing(message)}`),
      ...fix === undefined ? [] : [`  fix: ${fix}`]
    )
  }
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  print(output, '', `${pluralize(count('problem'), 'problem')}, ${pluralize(count('warning'), 'warning')}`)
}

function formatMissing ({ timestamp, direction, chatId, name, idMessage }: MissingMessage): string {
  const arrow = direction === 'incoming' ? '<-' : '->'
  return stripControlCharacters(`${formatTime(timestamp)}  ${arrow} ${chatId}  ${name}  ${idMessage}`)
}

function pluralize (count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
