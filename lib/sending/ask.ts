import type { Event } from '../events/index.ts'
import type { Sent } from './answers.ts'
import type { MenuMessage } from './menu.ts'
import { isOwnMessage } from './own-message.ts'

/** The methods of `app.greenApi` that `ask` needs. */
export interface TapEmitter {
  /** Adds a listener. */
  on (name: 'buttonReply', listener: (event: Event<'buttonReply'>) => void): unknown
  /** Removes a listener. */
  off (name: 'buttonReply', listener: (event: Event<'buttonReply'>) => void): unknown
}

/** Nobody tapped a button of the menu in time. The menu was sent. */
export class NoAnswerError extends Error {
  /** The error code. */
  readonly code = 'FST_GREEN_API_NO_ANSWER'
  override readonly name = 'NoAnswerError'
  /** The id of the message that has no answer. */
  readonly idMessage: string

  /** @internal */
  constructor (idMessage: string, milliseconds: number) {
    super(`Nobody tapped a button of message ${idMessage} within ${milliseconds} ms`)
    this.idMessage = idMessage
  }
}

/** How long `waitForTap` waits. */
interface WaitOptions {
  readonly signal?: AbortSignal | undefined
  /** In milliseconds. */
  readonly answerTimeout?: number | undefined
}

/** Subscribes, sends the menu, waits for the first tap on it and unsubscribes. */
export async function waitForTap<Choice extends string> (
  emitter: TapEmitter, message: MenuMessage<Choice>, send: () => Promise<Sent>, options: WaitOptions
): Promise<Choice> {
  const { signal, answerTimeout } = options
  const early: Array<Event<'buttonReply'>> = []
  let onTap = (event: Event<'buttonReply'>) => { early.push(event) }
  const listener = (event: Event<'buttonReply'>) => { if (!isOwnMessage(event)) onTap(event) }
  emitter.on('buttonReply', listener)
  let timer: NodeJS.Timeout | undefined
  let abort = () => {}
  try {
    const { idMessage } = await send()
    return await new Promise<Choice>((resolve, reject) => {
      onTap = ({ data: { stanzaId, buttonId } }) => {
        const button = message.buttons.find((each) => each.buttonId === buttonId)
        if (stanzaId === idMessage && button !== undefined) resolve(button.choice)
      }
      early.forEach(onTap)
      if (answerTimeout !== undefined) {
        timer = setTimeout(() => { reject(new NoAnswerError(idMessage, answerTimeout)) }, answerTimeout)
      }
      abort = () => { reject(signal?.reason) }
      signal?.addEventListener('abort', abort)
      if (signal?.aborted === true) abort()
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    emitter.off('buttonReply', listener)
  }
}
