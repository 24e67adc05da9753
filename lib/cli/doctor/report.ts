import { log, S_ERROR, S_INFO, S_SUCCESS, S_WARN } from '@clack/prompts'
import { paint, print, type Output, type TextStyle } from '../terminal.ts'
import type { Finding, Level } from './finding.ts'

const styles: Readonly<Record<Level, readonly [symbol: string, color: TextStyle]>> = {
  ok: [S_SUCCESS, 'green'],
  note: [S_INFO, 'cyan'],
  warning: [S_WARN, 'yellow'],
  problem: [S_ERROR, 'red']
}

/** Prints findings as text, followed by the number of problems and warnings. */
export function printFindings (findings: readonly Finding[], output: Output): void {
  for (const { level, subject, message, fix, events = [] } of findings) {
    const [symbol, color] = styles[level]
    log.message([
      `${paint(output, color, level)} ${paint(output, 'bold', subject)}: ${message}`,
      ...events.length === 0 ? [] : [paint(output, 'dim', `  events: ${events.join(', ')}`)],
      ...fix === undefined ? [] : [`  fix: ${fix}`]
    ], { symbol: paint(output, color, symbol), secondarySymbol: ' ', output, spacing: 0, withGuide: true })
  }
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  print(output, '', `${pluralize(count('problem'), 'problem')}, ${pluralize(count('warning'), 'warning')}`)
}

function pluralize (count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
