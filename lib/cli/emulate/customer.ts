import type { Emulator } from '../../emulator/index.ts'
import { errorMessage } from '../../util/error-message.ts'
import { devices } from '../../schemas/devices.ts'

/** @internal exported for its test */
export const help = `
  text <words>                                    send a text message to the instance
  tap <idMessage|last> <buttonId> [${devices.join('|')}]   tap a button of a menu
  state <stateInstance>                           set the state of the instance, such as notAuthorized
  help                                            show this list
  quit                                            stop the emulator, as Ctrl+C does
`

/** The result of a line: the text to print, and whether to exit. */
export interface LineResult {
  readonly output?: string
  readonly exit?: true
}

/** The customer of an emulated instance, controlled by typed lines. */
export class Customer {
  readonly #emulator: Emulator

  constructor (emulator: Emulator) {
    this.#emulator = emulator
  }

  /** Runs the command in a line. Never throws: an error is part of the output. */
  handleLine (line: string): LineResult {
    const [command = '', ...args] = line.trim().split(/\s+/)
    try {
      switch (command) {
        case '': return {}
        case 'text': return this.#sendText(line.trim().slice(command.length).trim())
        case 'tap': return this.#tap(args)
        case 'state': return this.#changeState(args)
        case 'help': return { output: help }
        case 'quit': return { exit: true }
        default: return { output: `Unknown command "${command}". Type help for the list of commands.` }
      }
    } catch (error) {
      return { output: errorMessage(error) }
    }
  }

  #sendText (text: string): LineResult {
    if (text === '') return { output: 'The text is missing. Type, for example: text Hello' }
    const instance = this.#emulator.instance()
    instance.receive(instance.build.textMessage({ text }))
    return {}
  }

  #tap ([idMessage, buttonId, device = 'android']: readonly string[]): LineResult {
    const knownDevice = devices.find((each) => each === device)
    if (knownDevice === undefined) return { output: `Unknown device "${device}". Use one of ${devices.join(', ')}.` }
    if (idMessage === undefined || buttonId === undefined) {
      return { output: 'The menu or the button is missing. Type, for example: tap last yes' }
    }
    const menu = idMessage === 'last' ? this.#lastMenu() : idMessage
    if (menu === undefined) return { output: 'No menu was sent yet. Send one first, for example with the curl above.' }
    this.#emulator.instance().tap(menu, buttonId, { device: knownDevice })
    return {}
  }

  #changeState ([stateInstance]: readonly string[]): LineResult {
    if (stateInstance === undefined) return { output: 'The state is missing. Type, for example: state notAuthorized' }
    this.#emulator.instance().changeState(stateInstance)
    return {}
  }

  #lastMenu (): string | undefined {
    const sent = this.#emulator.instance().messages('outgoing')
    return sent.find(({ interactiveButtons }) => interactiveButtons !== undefined)?.idMessage
  }
}
