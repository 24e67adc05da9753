import type { Emulator } from '../../emulator/index.ts'
import { recognize } from '../../recognition/index.ts'
import { errorMessage } from '../../util/error-message.ts'
import { devices } from '../../schemas/devices.ts'

/** @internal exported for its test */
export const help = `
  text <words>                                     send a text message to the instance
  tap <idMessage|last> <button> [${devices.join('|')}]  tap a button of a menu, by its buttonId or its text
  state <stateInstance>                            set the state of the instance, such as notAuthorized
  retry                                            post the failed notification now, instead of in 60 s
  help                                             show this list
  quit                                             stop the emulator, as Ctrl+C does
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
        case 'retry': return this.#retry()
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

  #tap ([message, ...words]: readonly string[]): LineResult {
    const [first] = words
    if (message === undefined || first === undefined) {
      return { output: 'The menu or the button is missing. Type, for example: tap last yes' }
    }
    const idMessage = message === 'last' ? this.#lastMenu() : message
    if (idMessage === undefined) {
      return { output: 'No menu was sent yet. Send one first, for example with the curl above.' }
    }
    const last = words.at(-1)
    const device = words.length > 1 ? devices.find((each) => each === last) : undefined
    const button = words.slice(0, device === undefined ? undefined : -1).join(' ')
    const buttonId = this.#findButton(idMessage, button)
    if (buttonId === undefined && this.#findButton(idMessage, first) !== undefined) {
      return { output: `Unknown device "${last}". Use one of ${devices.join(', ')}.` }
    }
    this.#emulator.instance().tap(idMessage, buttonId ?? button, { device })
    return {}
  }

  /** Returns the `buttonId` of the button that has this `buttonId` or text. */
  #findButton (idMessage: string, button: string): string | undefined {
    const menu = this.#emulator.instance().messages('outgoing').find((each) => each.idMessage === idMessage)
    const { event } = recognize(JSON.stringify(menu ?? {}))
    if (event.name !== 'interactiveButtons') return undefined
    const { buttons } = event.data
    const byId = buttons.find(({ buttonId }) => buttonId === button)
    return (byId ?? buttons.find(({ buttonText }) => buttonText.toLowerCase() === button.toLowerCase()))?.buttonId
  }

  #retry (): LineResult {
    const instance = this.#emulator.instance()
    if (instance.queue.size === 0) return { output: 'No notification waits for a retry.' }
    if (instance.settings.webhookUrl === '') return { output: 'There is no webhookUrl. Restart with --webhook-url.' }
    instance.retryNow()
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
