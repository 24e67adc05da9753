import type { MenuToSend } from './protocol.ts'
import type { Account } from './settings.ts'

/** A message that GREEN-API rejected or did not receive. */
class SendError extends Error {
  /** 400 if GREEN-API answered 400, and 502 otherwise. */
  readonly statusCode: number

  constructor (statusCode: number, message: string) {
    super(message)
    this.name = 'SendError'
    this.statusCode = statusCode
  }
}

/** Sends messages through GREEN-API's methods. Each resolves with the message's id. */
export class Api {
  readonly #account: () => Account

  /** Calls `account` for each message, as an emulator has no address before it listens. */
  constructor (account: () => Account) {
    this.#account = account
  }

  /** Sends a menu. A menu with only reply buttons has its own method. */
  async sendMenu (menu: MenuToSend): Promise<string> {
    const onlyReplies = menu.buttons.length > 0 && menu.buttons.every(({ type }) => type === 'reply')
    return await this.#send(onlyReplies ? 'sendInteractiveButtonsReply' : 'sendInteractiveButtons', menu)
  }

  /** Sends a text that quotes a message. */
  async sendText (chatId: string, message: string, quotedMessageId: string): Promise<string> {
    return await this.#send('sendMessage', { chatId, message, quotedMessageId })
  }

  async #send (method: string, body: object): Promise<string> {
    const { apiUrl, idInstance, apiTokenInstance } = this.#account()
    const answer = await post(`${apiUrl}/waInstance${idInstance}/${method}/${apiTokenInstance}`, body)
    if (answer.idMessage !== undefined) return answer.idMessage
    // The path contains the token, and the message may repeat the path.
    throw new SendError(answer.status, answer.message.replaceAll(apiTokenInstance, '…'))
  }
}

interface Answer {
  readonly status: number
  readonly idMessage?: string
  readonly message: string
}

async function post (url: string, body: object): Promise<Answer> {
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(30_000)
    })
  } catch {
    return {
      status: 502,
      message: 'GREEN-API cannot be reached: look whether GREEN_API_URL is right, and whether this machine is online'
    }
  }
  const text = await response.text()
  const answer = parse(text)
  if (response.status === 200 && typeof answer.idMessage === 'string') {
    return { status: 200, idMessage: answer.idMessage, message: '' }
  }
  const message = typeof answer.message === 'string'
    ? answer.message
    : `GREEN-API answered ${response.status} ${text.slice(0, 200)}`
  // The page cannot fix a token that GREEN-API rejects, so only 400 is passed on.
  return { status: response.status === 400 ? 400 : 502, message }
}

function parse (text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
