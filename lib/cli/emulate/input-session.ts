import { clearLine, createInterface, cursorTo, type Interface } from 'node:readline'
import { print, type Terminal } from '../terminal.ts'
import type { Customer } from './customer.ts'

/** Reads lines for the customer while the emulator prints. */
export interface InputSession {
  start (): void
  /** Prints a text, above the line that is being typed. */
  print (text: string): void
  close (): void
}

/** Reads lines that a person types at a prompt. Ctrl+C, Ctrl+D and `quit` call `onQuit`. */
export function createTerminalSession (
  { stdin, stdout }: Terminal, customer: Customer, onQuit: () => void
): InputSession {
  const lines = createInterface({ input: stdin, output: stdout, prompt: '> ', terminal: true })
  let started = false
  const printAbove = (text: string) => {
    cursorTo(stdout, 0)
    clearLine(stdout, 0)
    print(stdout, text)
    if (started) lines.prompt(true)
  }
  lines.on('line', (line) => {
    const { output, exit } = customer.handleLine(line)
    if (exit === true) return onQuit()
    if (output === undefined) lines.prompt()
    else printAbove(output)
  })
  // In raw mode Ctrl+C is a key, not a signal: readline closes on it, on Ctrl+D and at the end of the input.
  lines.on('close', onQuit)
  return {
    start () {
      started = true
      lines.prompt()
    },
    print: printAbove,
    close () {
      started = false
      lines.close()
    }
  }
}

/**
 * Reads lines from a pipe or a file. `quit` calls `onQuit`. The end of the input does not: without a
 * terminal, stdin is often empty from the start.
 */
export function createPipeSession (
  { stdin, stdout, stderr }: Terminal, customer: Customer, onQuit: () => void
): InputSession {
  let lines: Interface | undefined
  return {
    start () {
      lines = createInterface({ input: stdin }).on('line', (line) => {
        const { output, exit } = customer.handleLine(line)
        if (output !== undefined) print(stderr, output)
        if (exit === true) onQuit()
      })
    },
    print (text) { print(stdout, text) },
    close () { lines?.close() }
  }
}
