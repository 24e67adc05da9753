import { beginningOf, redact, type AnswerWithHeaders, type RequestError } from '../green-api/index.ts'
import { isObject } from '../schemas/values.ts'
import { SendError, type Quota, type SendFailure } from './send-error.ts'

/** A call as its errors name it. */
export type Call = Pick<SendFailure, 'idInstance' | 'method'>

const uncertain = 'It may have been sent: look in the chat before you send it again'

/** The failures of a request that never reached GREEN-API. All others may happen after it did. */
const unreachableCodes = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID'
])

/** Makes the error of a request without a complete answer. */
export function noAnswer (call: Call, { failureCode }: RequestError, ended: string | undefined): SendError {
  if (failureCode !== undefined && unreachableCodes.has(failureCode)) {
    const fix = 'Check apiUrl, and whether this machine can reach it'
    return new SendError(`was not sent: GREEN-API cannot be reached (${failureCode}). ${fix}`, {
      ...call, mayHaveBeenSent: false
    })
  }
  // The message of the failure is not repeated: a fetch of the user may write anything into it.
  const code = /^[A-Z][A-Z0-9_]+$/.exec(failureCode ?? '')?.[0]
  const reason = ended ?? (code === undefined ? 'the connection failed' : `the connection failed (${code})`)
  return new SendError(`has no answer: ${reason}. ${uncertain}`, { ...call, mayHaveBeenSent: true })
}

/** Makes the error of an answer with the status 200 that is not what the method answers with. */
export function unexpectedAnswer (call: Call, answer: AnswerWithHeaders, expected: string, token: string): SendError {
  return createError(call, answer, token, `was answered 200 without ${expected}. ${uncertain}`, true)
}

/** Makes the error of an answer with another status than 200. */
export function refused (call: Call, answer: AnswerWithHeaders, token: string): SendError {
  const { status } = answer
  // 408: the server did not receive the whole request, or does not know.
  const mayHaveBeenSent = status < 400 || status >= 500 || status === 408
  const quota = status === 466 ? readQuota(answer) : undefined
  const advice = mayHaveBeenSent ? uncertain : advise(answer, quota)
  return createError(call, answer, token, `was answered ${status}. ${advice}`, mayHaveBeenSent, quota)
}

function createError (
  call: Call,
  { status, body }: AnswerWithHeaders,
  token: string,
  reason: string,
  mayHaveBeenSent: boolean,
  quota?: Quota
): SendError {
  const answer = redact(beginningOf(body).slice(0, 1000 + token.length), token).slice(0, 1000)
  return new SendError(reason, { ...call, mayHaveBeenSent, status, quota, answer })
}

/** Parts of GREEN-API's messages, and what to do. The messages themselves are not quoted: they may repeat the text. */
const knownReasons: ReadonlyArray<[phrase: RegExp, advice: string]> = [
  [/not authorized|starting/i, 'The instance is starting or not authorized: link the phone in the console, or wait'],
  [/message not found/i, 'There is no such message in the chat: check chatId and idMessage'],
  [/validation failed/i, "GREEN-API does not accept a value: compare the request with the method's page"]
]

function advise (answer: AnswerWithHeaders, quota: Quota | undefined): string {
  switch (answer.status) {
    case 400: {
      const text = beginningOf(answer.body)
      const known = knownReasons.find(([phrase]) => phrase.test(text))
      return known?.[1] ?? "GREEN-API does not accept the request: answerText() of this error has GREEN-API's reason"
    }
    case 401: return "The token is wrong: set apiTokenInstance to the one that GREEN-API's console shows"
    case 403: return 'The instance is unknown or blocked: check idInstance and apiUrl in the console'
    case 404:
      return "The host does not have this instance or method: set apiUrl to the one that GREEN-API's console shows"
    case 413: return 'The request is too large: send less text, or a file by its URL'
    case 429: return 'There are too many calls a second: send less often, or use one Sender for the instance'
    case 466: return `${describeQuota(quota)}: wait for the next month, or change the plan in the console`
    case 469: return 'There were too many checks of phone numbers: wait until GREEN-API allows them again'
    default: return "GREEN-API does not accept the request: answerText() of this error has GREEN-API's reason"
  }
}

function describeQuota (quota: Quota | undefined): string {
  if (quota === undefined) return 'The quota of the plan is exceeded'
  const { of, used, total } = quota
  return `The quota of the plan is exceeded (${used} of ${total} ${of})`
}

function readQuota ({ body }: AnswerWithHeaders): Quota | undefined {
  const answer = parse(beginningOf(body))
  if (!isObject(answer)) return undefined
  const statuses = [['chats', answer.correspondentsStatus], ['calls', answer.invokeStatus]] as const
  for (const [of, status] of statuses) {
    if (!isObject(status) || status.status === 'QUOTE_ALLOWED' || status.status === 'QUOTA_ALLOWED') continue
    const { used, total } = status
    if (typeof used === 'number' && typeof total === 'number') return { of, used, total }
  }
  return undefined
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
