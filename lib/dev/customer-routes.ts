import type { FastifyInstance } from 'fastify'
import type { MessageBody, ServiceEventBody } from '../builders/index.ts'
import type { EmulatedInstance, Faults } from '../emulator/index.ts'
import type { EventName } from '../events/index.ts'
import { notifications } from '../schemas/index.ts'
import { devices, type Device } from '../schemas/devices.ts'
import { errorMessage } from '../util/error-message.ts'

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
const manner = { enum: manners }
const author = { chatId: text, chatName: text, sender: text, senderName: text }

interface EventRequest extends Author {
  readonly name: EventName
  readonly content?: object
  readonly manner?: Manner
}

interface RawRequest {
  readonly body: MessageBody | ServiceEventBody
  readonly manner?: Manner
}

interface TapRequest {
  readonly idMessage: string
  readonly buttonId: string
  readonly device: Device
  readonly sender?: string
  readonly manner?: Manner
}

const schemas = {
  event: createSchema(
    { ...author, manner, name: { enum: Object.keys(notifications) }, content: { type: 'object' } }, ['chatId', 'name']
  ),
  raw: createSchema({ body: { type: 'object' }, manner }, ['body']),
  tap: createSchema(
    { idMessage: text, buttonId: text, device: { enum: devices }, sender: text, manner },
    ['idMessage', 'buttonId', 'device']
  )
}

/** Adds the routes for the customer: send any notification, and tap a button. Any error is answered 400. */
export async function addCustomerRoutes (
  page: FastifyInstance, instance: EmulatedInstance, rates: () => Faults
): Promise<void> {
  page.setErrorHandler((error, request, reply) => {
    const { statusCode = 400 }: { statusCode?: number } = Object(error)
    return reply.code(statusCode).send({ message: errorMessage(error) })
  })
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

  page.post<{ Body: EventRequest }>('/customer/event', { schema: { body: schemas.event } }, async ({ body }) => {
    receive(build(instance, body), body.manner)
    return {}
  })
  // The body of a kind of notification, to be changed and sent to the next route.
  page.post<{ Body: EventRequest }>('/customer/draft', { schema: { body: schemas.event } }, async ({ body }) => {
    return build(instance, body)
  })
  page.post<{ Body: RawRequest }>('/customer/raw', { schema: { body: schemas.raw } }, async ({ body }) => {
    receive(body.body, body.manner)
    return {}
  })
  page.post<{ Body: TapRequest }>('/customer/tap', { schema: { body: schemas.tap } }, async ({ body }) => {
    const { idMessage, buttonId, device, sender, manner } = body
    sendIn(manner, () => { instance.tap(idMessage, buttonId, { device, sender }) })
    return {}
  })
}

function build (
  { build: builders }: EmulatedInstance, { name, content = {}, manner, ...context }: EventRequest
): MessageBody | ServiceEventBody {
  // TypeScript does not see that the content and the context fit each builder. A member that does not is ignored.
  const builder = builders[name] as (content: object, context: object) => MessageBody | ServiceEventBody
  return builder(content, context)
}

function createSchema (properties: Record<string, object>, required: readonly string[]) {
  return { type: 'object', properties, required, additionalProperties: false }
}
