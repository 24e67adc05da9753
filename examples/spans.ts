import { AsyncLocalStorage } from 'node:async_hooks'
import {
  ROOT_CONTEXT, SpanKind, SpanStatusCode, context, trace, type Context, type ContextManager, type Span, type Tracer
} from '@opentelemetry/api'
import { deliverChannel, type DeliverMessage } from 'fastify-green-api/diagnostics'

/** A context manager whose storage can be bound to a diagnostics channel. The SDK's storage is private. */
export class BindableContextManager implements ContextManager {
  readonly storage = new AsyncLocalStorage<Context>()

  active (): Context {
    return this.storage.getStore() ?? ROOT_CONTEXT
  }

  with<Parameters extends unknown[], Work extends (...args: Parameters) => ReturnType<Work>> (
    active: Context,
    work: Work,
    thisArg?: ThisParameterType<Work>,
    ...args: Parameters
  ): ReturnType<Work> {
    return this.storage.run(active, () => work.apply(thisArg, args))
  }

  bind<Target> (active: Context, target: Target): Target {
    if (typeof target !== 'function') return target
    // The wrapper has the type of the function that it replaces.
    return ((...args: unknown[]) => this.storage.run(active, () => target(...args))) as Target
  }

  enable (): this {
    return this
  }

  disable (): this {
    this.storage.disable()
    return this
  }
}

/**
 * Creates a span for each attempt to deliver a notification. It is the parent of the listeners' spans. Returns a
 * function that stops this.
 */
export function spanDeliveries (tracer: Tracer, storage: AsyncLocalStorage<Context>): () => void {
  const spans = new WeakMap<DeliverMessage, Span>()
  const ignore = () => {}
  const subscribers = {
    start: ignore,
    end: ignore,
    asyncStart: ignore,
    asyncEnd (message: DeliverMessage) {
      spans.get(message)?.end()
    },
    error (message: DeliverMessage) {
      const span = spans.get(message)
      for (const error of message.error?.errors ?? []) span?.recordException(error)
      span?.setStatus({ code: SpanStatusCode.ERROR })
    }
  }

  deliverChannel.start.bindStore(storage, (message) => {
    const { event, attempt } = message
    const span = tracer.startSpan(`process ${event.name}`, {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'green-api',
        'messaging.operation.type': 'process',
        'messaging.message.id': event.id,
        'green_api.instance': event.idInstance,
        'green_api.revision': event.revision,
        'green_api.attempt': attempt
      }
    })
    spans.set(message, span)
    return trace.setSpan(context.active(), span)
  })
  deliverChannel.subscribe(subscribers)
  return () => {
    deliverChannel.start.unbindStore(storage)
    deliverChannel.unsubscribe(subscribers)
  }
}
