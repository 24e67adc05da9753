import type { TObject } from '@sinclair/typebox'
import type { Definition, MessageDefinition, ServiceEventDefinition } from '../schemas/definition.ts'
import { MessageWebhook, Webhook, forwarding } from '../schemas/envelopes.ts'
import { notifications, origins } from '../schemas/index.ts'
import type { Content } from '../schemas/values.ts'

/** What `@fastify/swagger` says of a route, as far as it matters here; spelled out, so that nobody needs it to compile. */
interface Documented {
  readonly url: string
  /** The document in the making; of a Swagger 2.0 document there is none. */
  readonly openapiObject?: { readonly openapi?: string, webhooks?: Content }
}

const tag = 'GREEN-API'

/**
 * Describes the route in a document of `@fastify/swagger` and, where that is of OpenAPI 3.1 or
 * newer, every notification of the map among its `webhooks`. One that the host describes itself
 * stays as it is.
 *
 * It is the route's `swaggerTransform` rather than its schema: a schema would have Fastify compile
 * a validator and check bodies that must arrive as they were sent. A `transform` of the host is not
 * asked for this route, and cannot be reached from here; its `transformObject` is.
 */
export function describeOperation ({ url, openapiObject }: Documented) {
  if (openapiObject?.openapi?.startsWith('3.0') === false) {
    // The host's own object may stand there, so it is replaced rather than added to.
    openapiObject.webhooks = { ...describeNotifications(), ...openapiObject.webhooks }
  }
  return { schema: describeRoute(), url }
}

// Without an operationId, which would have to differ where the plugin is registered twice. Nor is
// Authorization a header of it: OpenAPI 3 has such a parameter ignored.
function describeRoute () {
  return {
    summary: 'Receives the notifications of GREEN-API',
    description: "GREEN-API posts here what happens to an instance, one notification at a time, with the instance's `webhookUrlToken` in the `Authorization` header: `Bearer` or `Basic`, then the token. Whatever is not answered 200 it sends again.",
    externalDocs: { url: 'https://green-api.com/en/docs/api/receiving/notifications-format/', description: 'The format of notifications' },
    tags: [tag],
    consumes: ['application/json'],
    body: {
      type: 'object',
      description: 'A notification: `typeWebhook` says which, and of a message `messageData.typeMessage`. Documents of OpenAPI 3.1 and newer describe each kind among their `webhooks`. What is of no known kind is answered 200 all the same.',
      properties: { typeWebhook: { type: 'string' } }
    },
    response: {
      // Without a body, as this type says.
      200: { type: 'null', description: 'The notification is done with.' },
      401: {
        type: 'null',
        description: "The `Authorization` header carries no token that speaks for the sender's instance.",
        headers: { 'WWW-Authenticate': { type: 'string', description: '`Bearer`' } }
      },
      503: {
        type: 'null',
        description: 'The notification could not be handled, or not in time: it is to be sent again.',
        headers: { 'Retry-After': { type: 'string', description: 'After how many seconds.' } }
      }
    }
  }
}

function describeNotifications (): Content {
  const described = Object.entries<Definition>(notifications).map(([name, definition]) => [name, { post: describeNotification(name, definition) }])
  // As JSON the schemas are without TypeBox's own marks, are the document's to change, and have
  // nothing in common, which YAML would spell as anchors.
  return JSON.parse(JSON.stringify(Object.fromEntries(described)))
}

function describeNotification (name: string, definition: Definition) {
  return {
    // Unique in the whole document, so not the name alone.
    operationId: `greenApi_${name}`,
    summary: definition.summary,
    description: `Listeners receive it as \`${name}\`.`,
    externalDocs: { url: definition.page, description: "GREEN-API's page about it" },
    tags: [tag],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: definition.kind === 'message' ? bodyOfMessage(definition) : bodyOfNotice(definition) } }
    },
    responses: { 200: { description: 'The notification is done with.' } }
  }
}

function bodyOfMessage ({ typeMessages, members, wire }: MessageDefinition) {
  const { messageData } = MessageWebhook.properties
  return withMembers(MessageWebhook, {
    typeWebhook: oneOf(Object.keys(origins)),
    messageData: {
      ...withMembers(messageData, {
        typeMessage: oneOf(typeMessages),
        // Under the likeliest member, and not required, since the others are as good.
        ...Object.fromEntries(members.slice(0, 1).map((member) => [member, withMembers(wire as TObject, forwarding)]))
      }),
      description: `The content stands under ${listed(members)}.`
    }
  })
}

function bodyOfNotice ({ typeWebhooks, wire }: ServiceEventDefinition) {
  // It names members of the body, which is an object.
  const { properties, required = [] } = wire as TObject
  return withMembers(Webhook, { typeWebhook: oneOf(typeWebhooks), ...properties }, required)
}

function withMembers ({ properties, required = [], ...schema }: TObject, members: Content, requiredMembers: readonly string[] = []) {
  return { ...schema, properties: { ...properties, ...members }, required: [...new Set([...required, ...requiredMembers])] }
}

function oneOf (values: readonly string[]) {
  return { type: 'string', enum: values }
}

function listed (members: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(members.map((member) => `\`${member}\``))
}
