import { Type } from '@sinclair/typebox'
import { InstanceSettings } from '../green-api/instance-settings.ts'
import { ApiError } from './api-error.ts'
import { isHttp } from './validate-options.ts'
import type { Instance } from './instance.ts'
import { sendMethods } from './send-methods.ts'
import { ChatId, Text, validator } from './validate-request.ts'

/** A request to the API, whose credentials are right. */
export interface ApiRequest {
  readonly body: unknown
  readonly query: Readonly<Record<string, string | undefined>>
  /** What follows the token in the path. */
  readonly suffix: string
  /** Aborted when whoever asks has gone. */
  readonly signal: AbortSignal
}

/** A method of the API: how it is called, and what it answers. */
export interface Method {
  readonly verb: 'GET' | 'POST' | 'DELETE'
  answer (instance: Instance, request: ApiRequest): unknown
}

/** How many minutes of a journal are told where nobody says. */
const journalMinutes = 1440

const checkBody = validator(Type.Partial(Type.Omit(InstanceSettings, ['wid']), { additionalProperties: false }))
const checkMessage = validator(Type.Object({ chatId: ChatId, idMessage: Text(100) }))
const checkHistory = validator(Type.Object({ chatId: ChatId, count: Type.Optional(Type.Integer({ minimum: 1 })) }))

const receiving: Record<string, Method> = {
  receiveNotification: {
    verb: 'GET',
    answer: (instance, { query, signal }) => instance.polled.receive(readSeconds(query.receiveTimeout), signal)
  },
  deleteNotification: {
    verb: 'DELETE',
    answer (instance, { suffix }) {
      if (!/^\d+$/.test(suffix)) throw new ApiError(400, 'Parameter receiptId must be a Number')
      return { result: instance.polled.delete(Number(suffix)) }
    }
  }
}

const account: Record<string, Method> = {
  getSettings: { verb: 'GET', answer: ({ settings, typeInstance }) => ({ ...settings, typeInstance }) },
  setSettings: {
    verb: 'POST',
    answer (instance, { body }) {
      const settings = checkBody(body)
      if (Object.keys(settings).length === 0) throw new ApiError(400, 'Validation failed. Details: at least one setting is required')
      if (settings.webhookUrl !== undefined && settings.webhookUrl !== '' && !isHttp(settings.webhookUrl)) throw new ApiError(400, "Validation failed. Details: 'webhookUrl' must be a valid uri")
      instance.applySettings(settings)
      return { saveSettings: true }
    }
  },
  getStateInstance: { verb: 'GET', answer: ({ stateInstance }) => ({ stateInstance }) }
}

const journals: Record<string, Method> = {
  lastIncomingMessages: { verb: 'GET', answer: (instance, { query }) => instance.journal.since(instance.seconds() - readMinutes(query.minutes) * 60, 'incoming') },
  lastOutgoingMessages: { verb: 'GET', answer: (instance, { query }) => instance.journal.since(instance.seconds() - readMinutes(query.minutes) * 60, 'outgoing') },
  getChatHistory: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, count = 100 } = checkHistory(body)
      return instance.journal.ofChat(chatId, count)
    }
  },
  getMessage: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, idMessage } = checkMessage(body)
      const record = instance.journal.record(idMessage)
      if (record?.chatId !== chatId) throw new ApiError(400, 'Message not found')
      return record
    }
  }
}

const sending = Object.entries(sendMethods).map(([name, compose]): [string, Method] => [name, {
  verb: 'POST',
  answer: (instance, { body }) => ({ idMessage: instance.send(compose(body)) })
}])

/** The API's methods that the emulator knows, by their names in the path. */
export const methods: ReadonlyMap<string, Method> = new Map([
  ...Object.entries({ ...receiving, ...account, ...journals }),
  ...sending
])

function readSeconds (receiveTimeout = '5'): number {
  const seconds = Number(receiveTimeout)
  if (!(Number.isInteger(seconds) && seconds >= 5 && seconds <= 60)) throw new ApiError(400, "Validation failed. Details: 'receiveTimeout' must be a whole number of seconds from 5 to 60")
  return seconds
}

function readMinutes (text = String(journalMinutes)): number {
  const minutes = Number(text)
  if (!(Number.isInteger(minutes) && minutes > 0)) throw new ApiError(400, "Validation failed. Details: 'minutes' must be a whole number above 0")
  return minutes
}
