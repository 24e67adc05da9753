import { resolveCredentials, resolveUrl, type Credentials } from '../green-api/index.ts'
import { assertKnownOptions, assertOption, isTimeout } from '../util/check-options.ts'

/** The options of a `Sender`. */
export interface SenderOptions {
  /** The instance's `apiUrl`, as GREEN-API's console shows it. Default: `'https://api.green-api.com'`. */
  readonly apiUrl?: string | undefined
  /** The instance's `mediaUrl`, for `sendFileByUpload`. Default: `apiUrl`. */
  readonly mediaUrl?: string | undefined
  /** The instance's number. `undefined` throws. */
  readonly idInstance: string | number | undefined
  /** The instance's `apiTokenInstance`, which is a secret. An empty string or `undefined` throws. */
  readonly apiTokenInstance: string | undefined
  /**
   * How long a call may take, in milliseconds, including the pauses after a 429. The time that it waits for its turn
   * does not count. Default: 30 000 ms.
   */
  readonly timeout?: number | undefined
  /** Replaces Node's `fetch`, for example with one that uses a proxy. */
  readonly fetch?: typeof fetch | undefined
}

/** The options of one call. */
export interface CallOptions {
  /** Cancels the call. If a request was sent already, the message may be sent nevertheless. */
  readonly signal?: AbortSignal | undefined
  /** In milliseconds. Default: that of the `Sender`. */
  readonly timeout?: number | undefined
}

/** The options of `send`. All but those of `CallOptions` are for texts. */
export interface SendOptions extends CallOptions {
  /** The `idMessage` of a message of the same chat, which the text quotes. */
  readonly quotedMessageId?: string | undefined
  /** Whether a link in the text has a preview. Default: `true`. */
  readonly linkPreview?: boolean | undefined
  /** How long the chat shows first that the account is typing: 1000 to 20 000 ms. Default: not at all. */
  readonly typingTime?: number | undefined
}

/** The options of `reply`. */
export interface ReplyOptions extends Omit<SendOptions, 'quotedMessageId'> {
  /** Whether a text quotes the message that it answers. Default: `false`. */
  readonly quote?: boolean | undefined
}

export interface ResolvedSenderOptions {
  readonly credentials: Credentials
  readonly mediaUrl: string
  readonly timeout: number
  readonly fetch: typeof fetch | undefined
}

/** @throws {InvalidOptionError} when an option is wrong */
export function resolveSenderOptions (options: SenderOptions): ResolvedSenderOptions {
  assertKnownOptions(
    options, 'a Sender', ['apiUrl', 'mediaUrl', 'idInstance', 'apiTokenInstance', 'timeout', 'fetch']
  )
  const { apiUrl, mediaUrl, idInstance, apiTokenInstance, timeout = 30_000, fetch } = options
  const credentials = resolveCredentials({ apiUrl, idInstance, apiTokenInstance })
  validateTimeout(timeout)
  assertOption(fetch === undefined || typeof fetch === 'function', "fetch must be a function, such as Node's own fetch")
  return {
    credentials,
    mediaUrl: mediaUrl === undefined ? credentials.apiUrl : resolveUrl(mediaUrl, 'mediaUrl'),
    timeout,
    fetch
  }
}

export function validateTimeout (timeout: unknown): void {
  assertOption(isTimeout(timeout), 'timeout must be a whole number of milliseconds above 0, such as 30000')
}
