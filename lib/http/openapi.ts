import type { TObject } from '@sinclair/typebox'
import type { Definition, MessageDefinition, ServiceEventDefinition } from '../schemas/definition.ts'
import { MessageWebhook, Webhook, forwarding } from '../schemas/envelopes.ts'
import { notifications, origins } from '../schemas/index.ts'
import type { Content } from '../schemas/values.ts'

/** What `@fastify/swagger` passes to a transform. Its own type would make it a dependency of everybody who compiles. */
interface TransformInput {
  readonly url: string
  /** The document so far; absent for Swagger 2.0. */
  readonly openapiObject?: { readonly openapi?: string, webhooks?: Content }
}

const tag = 'GREEN-API'

/**
 * Describes the route in a document of `@fastify/swagger` and, from OpenAPI 3.1 on, every notification under
 * `webhooks`. A webhook that the host describes itself is not replaced.
 *
 * It is the `swaggerTransform` of the route. With a schema instead, Fastify would compile a validator and check the
 * bodies. It replaces the host's `transform` for this route and cannot call it. The host's `transformObject` is called.
 */
export function describeOperation ({ url, openapiObject }: TransformInput) {
  if (openapiObject?.openapi?.startsWith('3.0') === false) {
    // A new object, because this one can be the host's own.
    openapiObject.webhooks = { ...describeNotifications(), ...openapiObject.webhooks }
  }
  return { schema: describeRoute(), url }
}

// Without an operationId, which would have to differ for each registration, and without a parameter Authorization,
// which OpenAPI 3 ignores.
function describeRoute () {
  return {
    summary: "Receives GREEN-API's notifications",
    description: [
      'GREEN-API posts the notifications of an instance here, one at a time.',
      "The `Authorization` header is `Bearer` or `Basic` with the instance's `webhookUrlToken`.",
      'GREEN-API sends a notification again until it is answered 200.'
    ].join(' '),
    externalDocs: {
      url: 'https://green-api.com/en/docs/api/receiving/notifications-format/',
      description: 'The format of notifications'
    },
    tags: [tag],
    consumes: ['application/json'],
    body: {
      type: 'object',
      description: [
        'A notification. Its type is `typeWebhook` and, for a message, `messageData.typeMessage`.',
        'Documents of OpenAPI 3.1 and newer describe each type under `webhooks`.',
        'A notification of an unknown type is answered 200 too.'
      ].join(' '),
      properties: { typeWebhook: { type: 'string' } }
    },
    response: {
      // The type null stands for an empty body.
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
}

function describeNotifications (): Content {
  const described = Object.entries<Definition>(notifications)
    .map(([name, definition]) => [name, { post: describeNotification(name, definition) }])
  // A copy by JSON: without TypeBox's symbols, free for the host to change, and without shared objects, which YAML
  // would write as anchors.
  return JSON.parse(JSON.stringify(Object.fromEntries(described)))
}

function describeNotification (name: string, definition: Definition) {
  const schema = definition.kind === 'message' ? describeMessage(definition) : describeServiceEvent(definition)
  return {
    // Prefixed, because it must be unique in the whole document.
    operationId: `greenApi_${name}`,
    summary: definition.summary,
    description: `Listeners receive it as \`${name}\`.`,
    externalDocs: { url: definition.page, description: "GREEN-API's page about it" },
    tags: [tag],
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: { 200: { description: 'The notification is acknowledged.' } }
  }
}

function describeMessage ({ typeMessages, members, wire }: MessageDefinition) {
  const { messageData } = MessageWebhook.properties
  const likeliest = members.slice(0, 1).map((member) => [member, withMembers(asObject(wire), forwarding)])
  return withMembers(MessageWebhook, {
    typeWebhook: oneOf(Object.keys(origins)),
    messageData: {
      // Only the likeliest member is described, and none is required: the others are valid too.
      ...withMembers(messageData, { typeMessage: oneOf(typeMessages), ...Object.fromEntries(likeliest) }),
      description: `The content is in ${listOf(members)}.`
    }
  })
}

function describeServiceEvent ({ typeWebhooks, wire }: ServiceEventDefinition) {
  const { properties, required } = asObject(wire)
  return withMembers(Webhook, { typeWebhook: oneOf(typeWebhooks), ...properties }, required)
}

function asObject (wire: Definition['wire']): TObject {
  // Every kind is read from an object.
  return wire as TObject
}

function withMembers (
  { properties, required = [], ...schema }: TObject, members: Content, requiredMembers: readonly string[] = []
) {
  return {
    ...schema,
    properties: { ...properties, ...members },
    required: [...new Set([...required, ...requiredMembers])]
  }
}

function oneOf (values: readonly string[]) {
  return { type: 'string', enum: values }
}

function listOf (members: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(members.map((member) => `\`${member}\``))
}
