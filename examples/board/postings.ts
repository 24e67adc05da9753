import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Event, Unrecognized } from 'fastify-green-api'
import type { WebhookAttempt, Emulator } from 'fastify-green-api/emulator'
import { webhookPath } from './behind.ts'
import type { Delivery } from './protocol.ts'

/** The number of deliveries on the page. */
const shown = 20

/** A query in the emulator's webhook URL. Requests without it come from other senders. */
export const ownQuery = `emulator=${randomUUID()}`

/** The notifications that the route received from the emulator and from other senders. */
export class Postings {
  readonly #latest: Delivery[] = []
  /** The ids of the emulator's messages. */
  readonly #own = new Set<unknown>()

  /** The latest deliveries, the newest first. */
  get latest (): readonly Delivery[] {
    return this.#latest
  }

  /** Whether an event is about a message of the emulator. */
  knows (event: Event | Unrecognized): boolean {
    return this.#own.has(Object(event.raw).idMessage)
  }

  /** Records deliveries, and calls `changed` after each. */
  watch (emulator: Emulator, app: FastifyInstance, changed: () => void): void {
    emulator.on('queued', ({ body }) => {
      this.#own.add(body.idMessage)
      changed()
    })
    emulator.on('delivered', changed)
    emulator.on('attempted', (attempt) => {
      this.#addAttempt(attempt)
      changed()
    })
    app.addHook('onResponse', async (request, reply) => {
      if (request.routeOptions.url !== webhookPath || request.url.endsWith(ownQuery)) return
      this.#add({ receiptId: undefined, name: nameOf(readBody(request)), status: reply.statusCode, attempts: 1 })
      changed()
    })
  }

  // A retry replaces the previous attempt.
  #addAttempt ({ notification: { receiptId, body, attempts }, status }: WebhookAttempt): void {
    const before = this.#latest.findIndex((delivery) => delivery.receiptId === receiptId)
    if (before !== -1) this.#latest.splice(before, 1)
    this.#add({ receiptId, name: nameOf(body), status, attempts })
  }

  #add (delivery: Delivery): void {
    this.#latest.unshift(delivery)
    this.#latest.length = Math.min(this.#latest.length, shown)
  }
}

// Fastify does not read the body of an unauthorized request.
function readBody ({ body }: FastifyRequest): object {
  try {
    return Object(JSON.parse(String(body)))
  } catch {
    return {}
  }
}

function nameOf (body: object): string {
  const { typeWebhook, messageData, status } = Object(body)
  const names = [typeWebhook, Object(messageData).typeMessage, status].filter((each) => typeof each === 'string')
  return names.join(' ') || 'something else'
}
