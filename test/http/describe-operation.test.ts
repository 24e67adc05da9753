import t from 'tap'
import { describeOperation } from '../../lib/http/openapi.ts'
import { MessageWebhook, Webhook, forwarding } from '../../lib/schemas/envelopes.ts'
import { notifications } from '../../lib/schemas/index.ts'

// `object`, because the members differ between kinds.
interface Described { post: { requestBody: { content: { 'application/json': { schema: Schema } } } } & object }
interface Schema { properties: Record<string, Schema>, required?: string[], description?: string, enum?: string[] }

/** What a document describes under `webhooks`. */
function describeWebhooks (): Record<string, Described> {
  const openapiObject = { openapi: '3.1.0', webhooks: {} }
  describeOperation({ url: '/green-api', openapiObject })
  return openapiObject.webhooks
}

function schemaOf (name: string): Schema {
  const described = describeWebhooks()[name]
  if (described === undefined) throw new Error(`${name} is not described`)
  return described.post.requestBody.content['application/json'].schema
}

const copy = (value: unknown) => JSON.parse(JSON.stringify(value))

t.test('describeOperation returns the url and the description of the route', async (t) => {
  t.strictSame(describeOperation({ url: '/green-api' }), {
    url: '/green-api',
    schema: {
      summary: "Receives GREEN-API's notifications",
      description: 'GREEN-API posts the notifications of an instance here, one at a time. ' +
        "The `Authorization` header is `Bearer` or `Basic` with the instance's `webhookUrlToken`. " +
        'GREEN-API sends a notification again until it is answered 200.',
      externalDocs: {
        url: 'https://green-api.com/en/docs/api/receiving/notifications-format/',
        description: 'The format of notifications'
      },
      tags: ['GREEN-API'],
      consumes: ['application/json'],
      body: {
        type: 'object',
        description: 'A notification. Its type is `typeWebhook` and, for a message, `messageData.typeMessage`. ' +
          'Documents of OpenAPI 3.1 and newer describe each type under `webhooks`. ' +
          'A notification of an unknown type is answered 200 too.',
        properties: { typeWebhook: { type: 'string' } }
      },
      response: {
        200: { type: 'null', description: 'The notification is acknowledged.' },
        401: {
          type: 'null',
          description: "The `Authorization` header has no valid token for the sender's instance.",
          headers: { 'WWW-Authenticate': { type: 'string', description: '`Bearer`' } }
        },
        503: {
          type: 'null',
          description: 'The notification was not handled, or not in time. GREEN-API sends it again.',
          headers: { 'Retry-After': { type: 'string', description: 'In seconds.' } }
        }
      }
    }
  })
})

t.test('describeOperation changes only documents of OpenAPI 3.1 and newer', async (t) => {
  for (const [openapi, count] of [['3.1.0', Object.keys(notifications).length], ['3.0.3', 0], [undefined, 0]] as const) {
    const openapiObject = openapi === undefined ? { webhooks: {} } : { openapi, webhooks: {} }

    describeOperation({ url: '/green-api', openapiObject })

    t.equal(Object.keys(openapiObject.webhooks).length, count, String(openapi))
  }
})

t.test('describeOperation describes each notification', async (t) => {
  const webhooks = describeWebhooks()

  t.strictSame(Object.keys(webhooks), Object.keys(notifications))
  for (const [name, { summary, page }] of Object.entries(notifications)) {
    t.strictSame(webhooks[name], {
      post: {
        operationId: `greenApi_${name}`,
        summary,
        description: `Listeners receive it as \`${name}\`.`,
        externalDocs: { url: page, description: "GREEN-API's page about it" },
        tags: ['GREEN-API'],
        requestBody: { required: true, content: { 'application/json': { schema: schemaOf(name) } } },
        responses: { 200: { description: 'The notification is acknowledged.' } }
      }
    })
  }
})

t.test('describeOperation describes a message by its type and the likeliest place of its content', async (t) => {
  const { type, properties, required } = copy(MessageWebhook)
  const { properties: members, ...messageData } = properties.messageData
  const content = copy(notifications.locationMessage.wire)
  const schema = schemaOf('locationMessage')

  t.strictSame(Object.keys(schema), ['type', 'properties', 'required'])
  t.equal(Reflect.get(schema, 'type'), type)
  t.strictSame(schema.required, required)
  t.strictSame(schema.properties, {
    ...properties,
    typeWebhook: {
      type: 'string', enum: ['incomingMessageReceived', 'outgoingMessageReceived', 'outgoingAPIMessageReceived']
    },
    messageData: {
      ...messageData,
      properties: {
        ...members,
        typeMessage: { type: 'string', enum: ['locationMessage'] },
        locationMessageData: { ...content, properties: { ...content.properties, ...copy(forwarding) }, required: [] }
      },
      description: 'The content is in `locationMessageData`, `location`, or `locationMessage`.'
    }
  })
})

t.test('describeOperation lists all members that can have the content', async (t) => {
  const { members } = notifications.buttonReply
  const last = members.length - 1

  t.equal(
    schemaOf('buttonReply').properties.messageData?.description,
    `The content is in ${members.slice(0, last).map((member) => `\`${member}\`, `).join('')}or \`${members[last]}\`.`
  )
})

t.test('describeOperation describes a service event by its type and members', async (t) => {
  const { properties, required } = copy(notifications.outgoingMessageStatus.wire)

  t.strictSame(schemaOf('outgoingMessageStatus'), {
    ...copy(Webhook),
    properties: {
      ...copy(Webhook.properties),
      typeWebhook: { type: 'string', enum: ['outgoingMessageStatus'] },
      ...properties
    },
    required: ['typeWebhook', ...required]
  })
  t.strictSame(schemaOf('quotaExceeded').required, ['typeWebhook'])
})
