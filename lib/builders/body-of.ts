import type { MessageName, ServiceEventName } from '../events/event-types.ts'
import type { MessageBody } from './bodies.ts'
import type { Writers } from './writers/index.ts'

/** The webhook body of this kind of notification. */
export type BodyOf<Name extends MessageName | ServiceEventName> =
  Name extends MessageName ? MessageBody<ReturnType<Writers[Name]['write']>>
    : Name extends ServiceEventName ? ReturnType<Writers[Name]['write']>
      : never
