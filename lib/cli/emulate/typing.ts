import { clearLine, createInterface, cursorTo, type Interface } from 'node:readline'
import { print, type Terminal } from '../terminal.ts'
import type { Customer } from './customer.ts'

/** A person who types, and reads meanwhile. */
export interface Typing {
  /** Reads the first line. */
  begin (this: void): void
  /** Prints above what is being typed. */
  show (this: void, text: string): void
  end (this: void): void
}

/** Lets a person be the customer; `onQuit` is called when there is nobody any more. */
export function serveTyping ({ stdin, stdout }: Terminal, customer: Customer, onQuit: () => void): Typing {
  const lines = createInterface({ input: stdin, output: stdout, prompt: '> ', terminal: true })
  let begun = false
  const show = (text: string) => {
    cursorTo(stdout, 0)
    clearLine(stdout, 0)
    print(stdout, text)
    if (begun) lines.prompt(true)
  }
  lines.on('line', (line) => {
    const { output: say, exit: over } = customer.handleLine(line)
    if (over === true) return onQuit()
    if (say === undefined) lines.prompt()
    else show(say)
  })
  // By Ctrl+C, which is no signal while keys are read one by one, by Ctrl+D, or the end of the input.
  lines.on('close', onQuit)
  return {
    begin () {
      begun = true
      lines.prompt()
    },
    show,
    end () {
      begun = false
      lines.close()
    }
  }
}

/**
 * Obeys the lines of a pipe or a file. That these come to an end ends nothing: where nobody types,
 * the input often has none from the beginning.
 */
export function serveLines ({ stdin, stdout, stderr }: Terminal, customer: Customer, onQuit: () => void): Typing {
  let lines: Interface | undefined
  return {
    begin () {
      lines = createInterface({ input: stdin }).on('line', (line) => {
        const { output: say, exit: over } = customer.handleLine(line)
        if (say !== undefined) print(stderr, say)
        if (over === true) onQuit()
      })
    },
    show (text) { print(stdout, text) },
    end () { lines?.close() }
  }
}
