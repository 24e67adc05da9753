import type { Emulator } from '../../emulator/index.ts'
import { errorMessage } from '../../util/error-message.ts'
import { devices } from '../../builders/ids.ts'

/** What a person can type, and what each line does. */
export const help = `
  text <words>                                    write to the instance
  tap <idMessage|last> <buttonId> [${devices.join('|')}]   tap a button of a menu
  state <stateInstance>                           change the instance's state, such as to notAuthorized
  help                                            print this
  quit                                            end, as Ctrl+C does
`

/** What comes of a line: what to print, if anything, and whether it was the last. */
export interface Reaction {
  readonly output?: string
  readonly exit?: true
}

/** The person on the other side, who writes and taps what is typed. */
export class Customer {
  readonly #emulator: Emulator

  constructor (emulator: Emulator) {
    this.#emulator = emulator
  }

  /** Does what a line says. Never throws: what is wrong with it is said. */
  handleLine (line: string): Reaction {
    const [command = '', ...words] = line.trim().split(/\s+/)
    try {
      switch (command) {
        case '': return {}
        case 'text': return this.#write(line.trim().slice(command.length).trim())
        case 'tap': return this.#tap(words)
        case 'state': return this.#change(words)
        case 'help': return { output: help }
        case 'quit': return { exit: true }
        default: return { output: `there is no command ${command}: type help for those that there are` }
      }
    } catch (error) {
      return { output: errorMessage(error) }
    }
  }

  #write (text: string): Reaction {
    if (text === '') return { output: 'say what to write: text Hello' }
    const instance = this.#emulator.instance()
    instance.receive(instance.build.textMessage({ text }))
    return {}
  }

  #tap ([idMessage, buttonId, device = 'android']: readonly string[]): Reaction {
    const known = devices.find((each) => each === device)
    if (known === undefined) return { output: `there is no device ${device}: write one of ${devices.join(', ')}` }
    if (idMessage === undefined || buttonId === undefined) return { output: 'say of which menu, and which button: tap last yes' }
    const menu = idMessage === 'last' ? this.#lastMenu() : idMessage
    if (menu === undefined) return { output: 'no menu was sent yet: send one, as the curl above does' }
    this.#emulator.instance().tap(menu, buttonId, { device: known })
    return {}
  }

  #change ([stateInstance]: readonly string[]): Reaction {
    if (stateInstance === undefined) return { output: 'say to which state: state notAuthorized' }
    this.#emulator.instance().changeState(stateInstance)
    return {}
  }

  #lastMenu (): string | undefined {
    const sent = this.#emulator.instance().messages('outgoing')
    return sent.find(({ typeMessage }) => typeMessage === 'interactiveButtons')?.idMessage
  }
}
