import * as Type from '@sinclair/typebox'
import type { MessageBody } from '../builders/index.ts'
import { ChatId, InstanceSettings, Text, normalizeSettings, sendRequests } from '../green-api/index.ts'
import type { Instance } from './instance.ts'
import { sendMethods, sendTemplate, sendUpload } from './send-methods.ts'
import { isHttpUrl } from './validate-options.ts'
import { ApiError, createBodyValidator, validationError } from './validate-request.ts'

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
  /** The network whose instances have the method. Default: every network. */
  readonly typeInstance?: Instance['typeInstance']
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
const validateContactBody = createBodyValidator(Type.Union([
  Type.Object({ phoneNumber: Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^\\d+$' })]) }),
  Type.Object({ chatId: ChatId })
]))
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
  },
  getWebhooksCount: { verb: 'GET', answer: ({ queue }) => ({ count: queue.size }) },
  clearWebhooksQueue: {
    verb: 'DELETE',
    answer (instance) {
      const leftMs = instance.clearQueue()
      if (leftMs === 0) return { isCleared: true, reason: '' }
      return { isCleared: false, reason: 'Too many requests', leftTime: Math.ceil(leftMs / 1000) }
    }
  }
}

const accountMethods: Record<string, ApiMethod> = {
  getSettings: { verb: 'GET', answer: ({ settings, typeInstance }) => ({ ...settings, typeInstance }) },
  setSettings: {
    verb: 'POST',
    answer (instance, { body }) {
      const settings = validateSettingsBody(normalizeSettings(body))
      if (Object.keys(settings).length === 0) throw validationError('at least one setting is required')
      const { webhookUrl = '' } = settings
      if (webhookUrl !== '' && !isHttpUrl(webhookUrl)) throw validationError("'webhookUrl' must be a valid uri")
      // Not awaited: GREEN-API answers before the settings apply.
      instance.applySettings(settings)
      return { saveSettings: true }
    }
  },
  getStateInstance: { verb: 'GET', answer: ({ stateInstance }) => ({ stateInstance }) },
  checkWhatsapp: {
    verb: 'POST',
    answer (instance, { body }) {
      const contact = validateContactBody(body)
      instance.planUsage.checkContact()
      const given = 'chatId' in contact ? contact.chatId : `${contact.phoneNumber}@c.us`
      const phoneNumber = instance.lids.toNumberId(given)
      if (!instance.hasAccount(phoneNumber)) return { existsWhatsapp: false }
      return { existsWhatsapp: true, chatId: instance.lids.toLid(phoneNumber), phoneNumber }
    }
  }
}

const journalMethods: Record<string, ApiMethod> = {
  lastIncomingMessages: {
    verb: 'GET',
    answer: (instance, { query }) => present(instance, instance.journal.since(readOldest(instance, query), 'incoming'))
  },
  lastOutgoingMessages: {
    verb: 'GET',
    answer: (instance, { query }) => present(instance, instance.journal.since(readOldest(instance, query), 'outgoing'))
  },
  lastIncomingCalls: {
    verb: 'GET',
    answer (instance, { query }) {
      return present(instance, instance.callJournal.since(readOldest(instance, query), 'incoming'))
    }
  },
  lastOutgoingCalls: {
    verb: 'GET',
    answer (instance, { query }) {
      return present(instance, instance.callJournal.since(readOldest(instance, query), 'outgoing'))
    }
  },
  getChatHistory: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, count = defaultHistoryCount } = validateHistoryBody(body)
      return present(instance, instance.journal.ofChat(chatId, count))
    }
  },
  getMessage: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, idMessage } = validateMessageBody(body)
      const message = instance.journal.messageOfChat(chatId, idMessage)
      if (message === undefined) throw new ApiError(400, 'Message not found')
      return instance.present(message)
    }
  }
}

const messageMethods = Object.entries({ ...sendMethods, sendTemplate }).map(
  ([method, toMessage]): [string, ApiMethod] => [method, {
    verb: 'POST',
    ...method === 'sendTemplate' && { typeInstance: 'waba' },
    answer: (instance, { body }) => ({ idMessage: instance.send({ ...toMessage(body), method }) })
  }]
)

const validateForwardBody = createBodyValidator(sendRequests.forwardMessages)
const validateEditBody = createBodyValidator(sendRequests.editMessage)
const validateDeleteBody = createBodyValidator(sendRequests.deleteMessage)
const validateReadBody = createBodyValidator(sendRequests.readChat)
const validateTypingBody = createBodyValidator(sendRequests.sendTyping)

const changeMethods: Record<string, ApiMethod> = {
  sendFileByUpload: {
    verb: 'POST',
    answer (instance, { body }) {
      const { message, urlFile } = sendUpload(body)
      return { idMessage: instance.send({ ...message, method: 'sendFileByUpload' }), urlFile }
    }
  },
  forwardMessages: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, chatIdFrom, messages } = validateForwardBody(body)
      const originals = messages.map((idMessage) => findMessage(instance, chatIdFrom, idMessage))
      return {
        messages: originals.map(({ messageData }) => instance.send({
          method: 'forwardMessages',
          chatId,
          write: (build, context) => ({ ...build.textMessage({}, context), messageData: structuredClone(messageData) })
        }))
      }
    }
  },
  editMessage: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, idMessage: stanzaId, message: text } = validateEditBody(body)
      findMessage(instance, chatId, stanzaId)
      instance.send({
        method: 'editMessage', chatId, write: (build, context) => build.editedMessage({ stanzaId, text }, context)
      })
      return { idMessage: stanzaId }
    }
  },
  deleteMessage: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, idMessage: stanzaId, onlySenderDelete = false } = validateDeleteBody(body)
      findMessage(instance, chatId, stanzaId)
      if (!onlySenderDelete) {
        instance.send({
          method: 'deleteMessage', chatId, write: (build, context) => build.deletedMessage({ stanzaId }, context)
        })
      }
      return ''
    }
  },
  readChat: {
    verb: 'POST',
    answer (instance, { body }) {
      const { chatId, idMessage } = validateReadBody(body)
      if (idMessage != null) findMessage(instance, chatId, idMessage)
      return { setRead: true }
    }
  },
  sendTyping: {
    verb: 'POST',
    answer (instance, { body }) {
      validateTypingBody(body)
      return ''
    }
  }
}

/** @throws {ApiError} 400 if the chat has no such message */
function findMessage (instance: Instance, chatId: string, idMessage: string): MessageBody {
  const body = instance.journal.messageOfChat(chatId, idMessage) && instance.journal.body(idMessage)
  if (body === undefined) throw new ApiError(400, 'Message not found')
  return body
}

/** The emulator's methods by their names in the path. */
export const apiMethods: ReadonlyMap<string, ApiMethod> = new Map([
  ...Object.entries({ ...queueMethods, ...accountMethods, ...journalMethods, ...changeMethods }),
  ...messageMethods
])

function readSeconds (receiveTimeout = '5'): number {
  const seconds = Number(receiveTimeout)
  if (!(Number.isInteger(seconds) && seconds >= 5 && seconds <= 60)) {
    throw validationError("'receiveTimeout' must be a whole number of seconds from 5 to 60")
  }
  return seconds
}

function present<Item extends object> (instance: Instance, records: readonly Item[]): Item[] {
  return records.map((record) => instance.present(record))
}

/** Returns the moment that the parameter `minutes` names: Unix time in seconds. */
function readOldest (instance: Instance, query: ApiRequest['query']): number {
  const minutes = Number(query.minutes ?? defaultJournalMinutes)
  if (!(Number.isInteger(minutes) && minutes > 0)) {
    throw validationError("'minutes' must be a whole number above 0")
  }
  return instance.unixSeconds() - minutes * 60
}
