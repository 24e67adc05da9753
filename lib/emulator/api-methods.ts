import { Type } from '@sinclair/typebox'
import { InstanceSettings } from '../green-api/index.ts'
import type { Instance } from './instance.ts'
import { sendMethods } from './send-methods.ts'
import { isHttpUrl } from './validate-options.ts'
import { ApiError, ChatId, Text, createBodyValidator, validationError } from './validate-request.ts'

/** An authorized request to the API. */
interface ApiRequest {
  readonly body: unknown
  readonly query: Readonly<Record<string, string | undefined>>
  /** What follows the token in the path, without the slash. */
  readonly suffix: string
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal
}

interface ApiMethod {
  readonly verb: 'GET' | 'POST' | 'DELETE'
  /** Returns the answer; a string is sent as it is, anything else as JSON. */
  answer (instance: Instance, request: ApiRequest): unknown
}

/** GREEN-API's default for the parameter `minutes` of both journals: 24 hours. */
const defaultJournalMinutes = 1440
/** GREEN-API's default for the parameter `count` of `getChatHistory`. */
const defaultHistoryCount = 100

const validateSettingsBody = createBodyValidator(
  Type.Partial(Type.Omit(InstanceSettings, ['wid']), { additionalProperties: false })
)
const validateMessageBody = createBodyValidator(Type.Object({ chatId: ChatId, idMessage: Text(100) }))
const validateHistoryBody = createBodyValidator(
  Type.Object({ chatId: ChatId, count: Type.Optional(Type.Integer({ minimum: 1 })) })
)

const queueMethods: Record<string, ApiMethod> = {
  receiveNotification: {
    verb: 'GET',
    answer: (instance, { query, signal }) => instance.receiveEndpoint.receive(readSeconds(query.receiveTimeout), signal)
  },
  deleteNotification: {
    verb: 'DELETE',
    answer (instance, { suffix }) {
      if (!/^\d+$/.test(suffix)) throw new ApiError(400, 'Parameter receiptId must be a Number')
      return { result: instance.receiveEndpoint.delete(Number(suffix)) }
    }
  }
}

const accountMethods: Record<string, ApiMethod> = {
  getSettings: { verb: 'GET', answer: ({ settings, typeInstance }) => ({ ...settings, typeInstance }) },
  setSettings: {
    verb: 'POST',
    answer (instance, { body }) {
      const settings = validateSettingsBody(body)
      if (Object.keys(settings).length === 0) throw validationError('at least one setting is required')
      const { webhookUrl = '' } = settings
      if (webhookUrl !== '' && !isHttpUrl(webhookUrl)) throw validationError("'webhookUrl' must be a valid uri")
      // Not awaited: GREEN-API answers before the settings apply.
      instance.applySettings(settings)
      return { saveSettings: true }
    }
  },
  getStateInstance: { verb: 'GET', answer: ({ stateInstance }) => ({ stateInstance }) }
}

const journalMethods: Record<string, ApiMethod> = {
  lastIncomingMessages: {
    verb: 'GET',
    answer: (instance, { query }) => instance.journal.since(sinceMinutesAgo(instance, query.minutes), 'incoming')
  },
  lastOutgoingMessages: {
    verb: 'GET',
    answer: (instance, { query }) => instance.journal.since(sinceMinutesAgo(instance, query.minutes), 'outgoing')
  },
  getChatHistory: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, count = defaultHistoryCount } = validateHistoryBody(body)
      return instance.journal.ofChat(chatId, count)
    }
  },
  getMessage: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, idMessage } = validateMessageBody(body)
      const message = instance.journal.message(idMessage)
      if (message?.chatId !== chatId) throw new ApiError(400, 'Message not found')
      return message
    }
  }
}

const messageMethods = Object.entries(sendMethods).map(([name, toMessage]): [string, ApiMethod] => [name, {
  verb: 'POST',
  answer: (instance, { body }) => ({ idMessage: instance.send(toMessage(body)) })
}])

/** The emulator's methods by their names in the path. */
export const apiMethods: ReadonlyMap<string, ApiMethod> = new Map([
  ...Object.entries({ ...queueMethods, ...accountMethods, ...journalMethods }),
  ...messageMethods
])

function readSeconds (receiveTimeout = '5'): number {
  const seconds = Number(receiveTimeout)
  if (!(Number.isInteger(seconds) && seconds >= 5 && seconds <= 60)) {
    throw validationError("'receiveTimeout' must be a whole number of seconds from 5 to 60")
  }
  return seconds
}

function sinceMinutesAgo (instance: Instance, text = String(defaultJournalMinutes)): number {
  const minutes = Number(text)
  if (!(Number.isInteger(minutes) && minutes > 0)) {
    throw validationError("'minutes' must be a whole number above 0")
  }
  return instance.unixSeconds() - minutes * 60
}
