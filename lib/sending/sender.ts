import type { SendMethod, SendRequest } from '../green-api/index.ts'
import { assertOption, isTimeout } from '../util/check-options.ts'
import type { Answers, Forwarded, Sent, SentFile } from './answers.ts'
import { waitForTap, type TapEmitter } from './ask.ts'
import { Caller } from './caller.ts'
import { toButtonsRequest, type Content } from './content.ts'
import type { MenuMessage } from './menu.ts'
import {
  resolveSenderOptions, type CallOptions, type ReplyOptions, type SendOptions, type SenderOptions
} from './options.ts'
import { isOwnMessage, type AnswerableEvent } from './own-message.ts'
import { SendError } from './send-error.ts'

/** The options of `ask`. */
export interface AskOptions extends CallOptions {
  /** How long to wait for a tap, in milliseconds, after the menu is sent. Default: no limit. */
  readonly answerTimeout?: number | undefined
}

/** A file for `sendFileByUpload`, at most 100 MB. `openAsBlob` of `node:fs` makes a `Blob` of a file on disk. */
export type FileContent = Blob | Uint8Array<ArrayBuffer>

/** The request of a method. */
export type RequestOf<Method extends SendMethod> =
  SendRequest<Method> & (Method extends 'sendFileByUpload' ? { readonly file: FileContent } : unknown)

/** The arguments of `call` after the name of the method. */
export type CallArguments<Method> = Method extends SendMethod
  ? [request: RequestOf<Method>, options?: CallOptions]
  : [request?: object | undefined, options?: CallOptions]

/** What `call` resolves with. */
export type AnswerOf<Method> = Method extends SendMethod ? Answers[Method] : unknown

/**
 * Sends messages with one instance of GREEN-API. Create one `Sender` for each instance.
 *
 * - A request is checked before it is sent. A message that GREEN-API would not accept rejects with a `SendError` that
 *   says what to change.
 * - A call that GREEN-API answers with 429 is repeated after a pause. Nothing else is repeated, because GREEN-API
 *   cannot recognize a repetition. Read `mayHaveBeenSent` of the `SendError` before you repeat a call.
 * - Calls stay under GREEN-API's limits, and those of one chat are sent one after another, in order.
 *
 * @example
 * const sender = new Sender({ apiUrl, idInstance, apiTokenInstance })
 * await sender.send('79001234567@c.us', 'Hello')
 */
export class Sender {
  /** The instance that sends. */
  readonly idInstance: string
  readonly #caller: Caller

  /** @throws {InvalidOptionError} if an option is wrong */
  constructor (options: SenderOptions) {
    this.#caller = new Caller(resolveSenderOptions(options))
    this.idInstance = this.#caller.idInstance
  }

  /** Sends a text, or a message with buttons. */
  async send (chatId: string, content: Content, options: SendOptions = {}): Promise<Sent> {
    const { quotedMessageId, linkPreview, typingTime, ...callOptions } = options
    // A JavaScript program can pass something else, such as undefined. The check of sendMessage refuses it.
    if (typeof content === 'string' || !Array.isArray(content?.buttons)) {
      const text = content as string // Or a value that the check refuses.
      const message = { chatId, message: text, quotedMessageId, linkPreview, typingTime }
      return await this.sendMessage(message, callOptions)
    }
    const { method, members } = toButtonsRequest(chatId, content)
    const request = { ...members, quotedMessageId, typingTime }
    // toButtonsRequest returns the request of its method.
    return await this.call(method, request as SendRequest<typeof method>, callOptions)
  }

  /**
   * Answers a message in its chat. Sends nothing and resolves with `undefined` if the instance's own account wrote the
   * message, so a bot does not answer itself.
   *
   * @throws {SendError} (as a rejection) also if the event belongs to another instance
   */
  async reply (event: AnswerableEvent, content: Content, options: ReplyOptions = {}): Promise<Sent | undefined> {
    const { quote = false, ...sendOptions } = options
    if (isOwnMessage(event)) return undefined
    if (event.idInstance !== '' && event.idInstance !== this.idInstance) {
      const fix = 'Use the Sender of its instance'
      throw new SendError(`was not sent: the event belongs to instance ${event.idInstance}. ${fix}`, {
        idInstance: this.idInstance, method: 'reply', mayHaveBeenSent: false
      })
    }
    const { chatId, idMessage } = event
    return await this.send(chatId, content, { ...sendOptions, ...quote && { quotedMessageId: idMessage } })
  }

  /**
   * Sends a menu and waits for the first tap on it. Resolves with the name of the tapped choice.
   *
   * This is for scripts and tests: the answer is lost if the process ends. An application listens with the menu's `on`.
   *
   * @param emitter - `app.greenApi`
   * @throws {NoAnswerError} (as a rejection) if nobody taps within `answerTimeout`
   * @throws {SendError} (as a rejection) if the menu is not sent; after that, `signal.reason` if the signal aborts
   */
  async ask<Choice extends string> (
    emitter: TapEmitter, chatId: string, message: MenuMessage<Choice>, options: AskOptions = {}
  ): Promise<Choice> {
    const { answerTimeout, ...callOptions } = options
    assertOption(
      answerTimeout === undefined || isTimeout(answerTimeout),
      'answerTimeout must be a whole number of milliseconds above 0, such as 60000'
    )
    const send = () => this.send(chatId, message, callOptions)
    return await waitForTap(emitter, message, send, { answerTimeout, signal: options.signal })
  }

  /** Sends a text. */
  async sendMessage (request: RequestOf<'sendMessage'>, options?: CallOptions): Promise<Sent> {
    return await this.call('sendMessage', request, options)
  }

  /** Sends a message with buttons that copy a code, call a number, open a URL or reply. */
  async sendInteractiveButtons (request: RequestOf<'sendInteractiveButtons'>, options?: CallOptions): Promise<Sent> {
    return await this.call('sendInteractiveButtons', request, options)
  }

  /** Sends a message with reply buttons. */
  async sendInteractiveButtonsReply (
    request: RequestOf<'sendInteractiveButtonsReply'>, options?: CallOptions
  ): Promise<Sent> {
    return await this.call('sendInteractiveButtonsReply', request, options)
  }

  /** Sends a file that GREEN-API downloads. */
  async sendFileByUrl (request: RequestOf<'sendFileByUrl'>, options?: CallOptions): Promise<Sent> {
    return await this.call('sendFileByUrl', request, options)
  }

  /** Uploads a file and sends it. */
  async sendFileByUpload (request: RequestOf<'sendFileByUpload'>, options?: CallOptions): Promise<SentFile> {
    return await this.call('sendFileByUpload', request, options)
  }

  /** Sends a poll. */
  async sendPoll (request: RequestOf<'sendPoll'>, options?: CallOptions): Promise<Sent> {
    return await this.call('sendPoll', request, options)
  }

  /** Sends a location. */
  async sendLocation (request: RequestOf<'sendLocation'>, options?: CallOptions): Promise<Sent> {
    return await this.call('sendLocation', request, options)
  }

  /** Sends a contact. */
  async sendContact (request: RequestOf<'sendContact'>, options?: CallOptions): Promise<Sent> {
    return await this.call('sendContact', request, options)
  }

  /** Forwards messages to another chat. */
  async forwardMessages (request: RequestOf<'forwardMessages'>, options?: CallOptions): Promise<Forwarded> {
    return await this.call('forwardMessages', request, options)
  }

  /** Replaces the text of a message of the instance's own account. WhatsApp allows it for 15 minutes. */
  async editMessage (request: RequestOf<'editMessage'>, options?: CallOptions): Promise<Sent> {
    return await this.call('editMessage', request, options)
  }

  /** Deletes a message. */
  async deleteMessage (request: RequestOf<'deleteMessage'>, options?: CallOptions): Promise<void> {
    await this.call('deleteMessage', request, options)
  }

  /** Marks a message, or all messages of a chat, as read. */
  async readChat (request: RequestOf<'readChat'>, options?: CallOptions): Promise<{ readonly setRead: boolean }> {
    return await this.call('readChat', request, options)
  }

  /** Shows in a chat that the account is typing, or recording a voice message. */
  async sendTyping (request: RequestOf<'sendTyping'>, options?: CallOptions): Promise<void> {
    await this.call('sendTyping', request, options)
  }

  /**
   * Calls any of GREEN-API's methods by its name, under the same rules. The methods above are typed and checked. All
   * others resolve with the parsed answer, `undefined` if it is empty. Without a request it is a GET request.
   *
   * @example
   * const settings = await sender.call('getSettings')
   * await sender.call('archiveChat', { chatId })
   */
  async call<const Method extends SendMethod | (string & {})> (
    method: Method, ...[request, options = {}]: CallArguments<Method>
  ): Promise<AnswerOf<Method>> {
    const answer = await this.#caller.call(method, { members: request, options })
    // readAnswer returns what the method answers with.
    return answer as AnswerOf<Method>
  }
}
