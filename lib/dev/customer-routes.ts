import type { FastifyInstance } from 'fastify'
import type { MessageBody, ServiceEventBody } from '../builders/index.ts'
import type { EmulatedInstance, Faults } from '../emulator/index.ts'
import type { EventName } from '../events/index.ts'
import { notifications } from '../schemas/index.ts'
import { devices, type Device } from '../schemas/devices.ts'
import { errorMessage } from '../util/error-message.ts'
import { isObject } from '../schemas/values.ts'

/** Who writes, and where. */
interface Author {
  readonly chatId: string
  readonly chatName?: string
  readonly sender?: string
  readonly senderName?: string
}

/** How a single notification differs from a normal one: a fault, or a time stamp of an hour ago. */
type Manner = keyof Faults | 'late'

const manners = ['duplicates', 'changedDuplicates', 'malformed', 'unknownTypes', 'reorderedStatuses', 'late']

const hourSeconds = 3600

const text = { type: 'string', minLength: 1, maxLength: 20_000 }
const author = { chatId: text, chatName: text, sender: text, senderName: text, manner: { enum: manners } }

/** Adds the routes for the customer: send any notification, and tap a button. Invalid requests are answered 400. */
export function addCustomerRoutes (page: FastifyInstance, instance: EmulatedInstance, rates: () => Faults): void {
  const sendIn = (manner: Manner | undefined, send: () => void) => {
    if (manner !== undefined && manner !== 'late') instance.setFaults({ ...rates(), [manner]: 1 })
    try {
      send()
    } finally {
      instance.setFaults(rates())
    }
  }

  const receive = (body: MessageBody | ServiceEventBody, manner: Manner | undefined) => {
    if (manner === 'late' && typeof body.timestamp === 'number') body.timestamp -= hourSeconds
    sendIn(manner, () => { instance.receive(body) })
  }

  interface EventRequest extends Author {
    readonly name: EventName
    readonly content?: object
    readonly manner?: Manner
  }
  const names = Object.keys(notifications)
  const eventBody = createSchema({ ...author, name: { enum: names }, content: { type: 'object' } }, ['chatId', 'name'])
  page.post<{ Body: EventRequest }>('/customer/event', { schema: { body: eventBody } }, async ({ body }, reply) => {
    const { name, content, manner, ...context } = body
    try {
      receive(build(instance, name, content, context), manner)
      return {}
    } catch (error) {
      return await reply.code(400).send({ message: errorMessage(error) })
    }
  })

  interface RawRequest {
    readonly body: MessageBody | ServiceEventBody
    readonly manner?: Manner
  }
  const rawBody = createSchema({ body: { type: 'object' }, manner: author.manner }, ['body'])
  page.post<{ Body: RawRequest }>('/customer/raw', { schema: { body: rawBody } }, async (request, reply) => {
    const { body, manner } = request.body
    try {
      receive(body, manner)
      return {}
    } catch (error) {
      return await reply.code(400).send({ message: `The emulator cannot send this: ${errorMessage(error)}` })
    }
  })

  // The body of a kind of notification, to be edited before it is sent.
  page.post<{ Body: EventRequest }>('/customer/draft', { schema: { body: eventBody } }, async ({ body }, reply) => {
    const { name, content, manner, ...context } = body
    try {
      return build(instance, name, content, context)
    } catch (error) {
      return await reply.code(400).send({ message: errorMessage(error) })
    }
  })

  interface TapRequest {
    readonly idMessage: string
    readonly buttonId: string
    readonly device: Device
    readonly sender?: string
    readonly manner?: Manner
  }
  const tapBody = createSchema(
    { idMessage: text, buttonId: text, device: { enum: devices }, sender: text, manner: { enum: manners } },
    ['idMessage', 'buttonId', 'device']
  )
  page.post<{ Body: TapRequest }>('/customer/tap', { schema: { body: tapBody } }, async ({ body }, reply) => {
    const { idMessage, buttonId, device, sender, manner } = body
    try {
      sendIn(manner, () => { instance.tap(idMessage, buttonId, { device, sender }) })
      return {}
    } catch (error) {
      return await reply.code(400).send({ message: errorMessage(error) })
    }
  })
}

function build (
  { build: builders }: EmulatedInstance, name: EventName, content: object | undefined, context: Author
): MessageBody | ServiceEventBody {
  // TypeScript does not see that the content and the context fit each builder. A member that does not is ignored.
  const builder = builders[name] as (content?: object, context?: object) => MessageBody | ServiceEventBody
  return builder(isObject(content) ? content : {}, context)
}

function createSchema (properties: Record<string, object>, required: readonly string[]) {
  return { type: 'object', properties, required, additionalProperties: false }
}
