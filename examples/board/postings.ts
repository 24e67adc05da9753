import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Event, Unrecognized } from 'fastify-green-api'
import type { WebhookAttempt, Emulator } from 'fastify-green-api/emulator'
import { webhookPath } from './behind.ts'
import type { Delivery } from './protocol.ts'

/** How many are shown. */
const shown = 20

/** What the emulator posts to carries this, by which the rest is told apart: it came from outside. */
export const ownQuery = `emulator=${randomUUID()}`

/** The notifications that the route received, by the emulator and from outside. */
export class Postings {
  readonly #latest: Delivery[] = []
  /** The messages that the emulator has told of. */
  readonly #own = new Set<unknown>()

  /** The newest first. */
  get latest (): readonly Delivery[] {
    return this.#latest
  }

  /** Whether the emulator made the message that an event tells of. */
  knows (event: Event | Unrecognized): boolean {
    return this.#own.has(Object(event.raw).idMessage)
  }

  /** Notes what comes from now on, and calls `changed` each time. */
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

  // What is tried again stays in its line.
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

// What was refused at the door has not been read.
function readBody ({ body }: FastifyRequest): object {
  try {
    return Object(JSON.parse(String(body)))
  } catch {
    return {}
  }
}

function nameOf (body: object): string {
  const { typeWebhook, messageData, status } = Object(body)
  return [typeWebhook, Object(messageData).typeMessage, status].filter((each) => typeof each === 'string').join(' ') || 'something else'
}
