import type { Event } from '../events/index.ts'
import { InvalidOptionError } from '../errors.ts'
import { assertKnownName, assertKnownOptions, assertOption } from '../util/check-options.ts'
import { maxButtonIdBytes } from '../green-api/index.ts'
import type { Sent } from './answers.ts'
import { readButtonId, writeButtonId } from './button-id.ts'
import type { ButtonsMessage, Content, ReplyButton } from './content.ts'
import type { ReplyOptions } from './options.ts'
import { isOwnMessage, type AnswerableEvent } from './own-message.ts'

/** The parts of a menu. Each text can be a function of the payload. */
export interface MenuDefinition<Choice extends string> {
  /** At most 20 000 characters. */
  readonly header?: string | ((payload: string) => string) | undefined
  /** 1 to 20 000 characters. */
  readonly body: string | ((payload: string) => string)
  /** At most 20 000 characters. */
  readonly footer?: string | ((payload: string) => string) | undefined
  /** 1 to 3 choices: the name of each, and the text of its button, of 1 to 25 characters. */
  readonly choices: Readonly<Record<Choice, string>>
}

/** A reply button of a menu. `choice` is not sent: it is for tests, and for `ask`. */
export interface MenuButton<Choice extends string> extends ReplyButton {
  readonly choice: Choice
}

/** A message of a menu, for `send`, `reply` and `ask`. */
export interface MenuMessage<Choice extends string = string> extends ButtonsMessage {
  readonly buttons: ReadonlyArray<MenuButton<Choice>>
}

/** The argument of a handler of a menu. */
export interface MenuTap {
  /** The payload of the menu; `''` if it was made without one. */
  readonly payload: string
  /** The tap. */
  readonly event: Event<'buttonReply'>
  /** Sends something to the chat of the tap. */
  readonly reply: (content: Content, options?: ReplyOptions) => Promise<Sent | undefined>
}

/** A handler for each choice. If it returns a promise, the delivery waits for it. */
export type MenuHandlers<Choice extends string> = {
  readonly [Name in Choice]: (tap: MenuTap) => void | Promise<void>
}

/** Answers a tap: a `Sender`, or a replacement in a test. */
export interface Replier {
  /** Sends something to the chat of the event. */
  reply (event: AnswerableEvent, content: Content, options?: ReplyOptions): Promise<Sent | undefined>
}

/** The options of a menu's `on`. */
export interface MenuOptions {
  /** Sends the replies. With several instances: a function that returns the `Sender` of the event's instance. */
  readonly sender: Replier | ((event: Event<'buttonReply'>) => Replier)
}

/** A menu: makes its messages, and a listener for the taps on them. */
export interface Menu<Choice extends string> {
  /**
   * Makes a message. Its buttons carry the payload, such as the number of an order, so nothing has to be stored. A
   * manipulated client can change the payload, so check it like any input.
   *
   * @throws {InvalidOptionError} if the name, the choice and the payload of a button have more than 256 bytes
   */
  (payload?: string): MenuMessage<Choice>
  /** The name of the menu. */
  readonly name: string
  /**
   * Makes a listener for `app.greenApi.on('buttonReply', …)`. It calls the handler of the tapped choice. It ignores
   * taps on other menus, and those of the instance's own account.
   *
   * @throws {InvalidOptionError} if a handler is missing or unknown
   */
  on (handlers: MenuHandlers<Choice>, options: MenuOptions): (event: Event<'buttonReply'>) => Promise<void>
}

/**
 * Defines a menu: a message with reply buttons, and what happens when one of them is tapped.
 *
 * The name, the choice and the payload travel in the `buttonId`. A tap is therefore understood after a restart, in
 * another process, and from every device. Give each menu its own name, and do not change it while messages with it may
 * still be tapped.
 *
 * @example
 * const confirm = defineMenu('confirm', {
 *   body: (order) => `Is order ${order} right?`,
 *   choices: { yes: 'Yes', no: 'No' }
 * })
 * await sender.send(chatId, confirm('4711'))
 *
 * @throws {InvalidOptionError} if the name or the definition is invalid
 */
export function defineMenu<const Choice extends string> (
  name: string, definition: MenuDefinition<Choice>
): Menu<Choice> {
  validateDefinition(name, definition)
  const { header, body, footer } = definition
  // The keys of an object of this type.
  const names = Object.keys(definition.choices) as Choice[]

  function createMessage (payload = ''): MenuMessage<Choice> {
    assertOption(typeof payload === 'string', `The payload of the menu \`${name}\` must be a string, such as an id`)
    return {
      header: write(header, payload),
      body: write(body, payload) ?? '',
      footer: write(footer, payload),
      buttons: names.map((choice) => {
        const buttonId = writeButtonId({ menu: name, choice, payload })
        assertOption(
          Buffer.byteLength(buttonId) <= maxButtonIdBytes,
          `The payload of the menu \`${name}\` is too long: with the name and the choice \`${choice}\` it has ` +
            `${Buffer.byteLength(buttonId)} bytes, ${maxButtonIdBytes} are possible. Store it, and pass its id`
        )
        return { buttonId, buttonText: definition.choices[choice], choice }
      })
    }
  }

  function on (handlers: MenuHandlers<Choice>, options: MenuOptions) {
    // A JavaScript program can forget the options.
    const sender: MenuOptions['sender'] | undefined = options?.sender
    validateHandlers(name, handlers, names)
    assertOption(
      typeof sender === 'function' || typeof sender?.reply === 'function',
      `The menu \`${name}\` needs a Sender, or a function that returns one: on(handlers, { sender })`
    )
    return async (event: Event<'buttonReply'>): Promise<void> => {
      if (isOwnMessage(event)) return
      const tap = readButtonId(event.data.buttonId)
      const choice = tap?.menu === name ? names.find((each) => each === tap.choice) : undefined
      if (tap === undefined || choice === undefined) return
      const reply: MenuTap['reply'] = async (content, options) => {
        const replier = typeof sender === 'function' ? sender(event) : sender
        return await replier.reply(event, content, options)
      }
      await handlers[choice]({ payload: tap.payload, event, reply })
    }
  }

  return Object.defineProperty(Object.assign(createMessage, { on }), 'name', { value: name })
}

function write (text: string | ((payload: string) => string) | undefined, payload: string): string | undefined {
  return typeof text === 'function' ? text(payload) : text
}

function validateDefinition (name: string, definition: MenuDefinition<string>): void {
  assertOption(typeof name === 'string' && name !== '', 'The name of a menu must be a string, such as "confirm"')
  assertKnownOptions(definition, `the menu \`${name}\``, ['header', 'body', 'footer', 'choices'])
  const { body, choices } = definition
  assertOption(
    typeof body === 'function' || (typeof body === 'string' && body !== ''),
    `The menu \`${name}\` needs a body: a text, or a function of the payload`
  )
  assertOption(
    typeof choices === 'object' && choices !== null,
    `The menu \`${name}\` needs choices, such as { yes: 'Yes', no: 'No' }`
  )
  const texts = Object.entries(choices)
  assertOption(
    texts.length >= 1 && texts.length <= 3,
    `The menu \`${name}\` has ${texts.length} choices. GREEN-API allows 1 to 3: split the menu, or leave some out`
  )
  for (const [choice, text] of texts) {
    assertOption(
      typeof text === 'string' && text.length >= 1 && text.length <= 25,
      `The text of the choice \`${choice}\` of the menu \`${name}\` must have 1 to 25 characters`
    )
    assertOption(choice !== '', `A choice of the menu \`${name}\` has no name`)
  }
}

function validateHandlers (name: string, handlers: object, choices: readonly string[]): void {
  assertOption(
    typeof handlers === 'object' && handlers !== null,
    `The menu \`${name}\` needs a handler for each choice: on(handlers, { sender })`
  )
  for (const handled of Object.keys(handlers)) assertKnownName(handled, 'choice', choices, ` of the menu \`${name}\``)
  const missing = choices.find((choice) => typeof Reflect.get(handlers, choice) !== 'function')
  if (missing === undefined) return
  const fix = 'Add a function for it'
  throw new InvalidOptionError(`The choice \`${missing}\` of the menu \`${name}\` has no handler. ${fix}`)
}
