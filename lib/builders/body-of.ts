import type { MessageName, ServiceEventName } from '../events/index.ts'
import type { MessageBody } from './bodies.ts'
import type { Writers } from './writers/index.ts'

/** The webhook body of a kind of notification, for example `BodyOf<'textMessage'>`. */
export type BodyOf<Name extends MessageName | ServiceEventName> =
  Name extends MessageName ? MessageBody<ReturnType<Writers[Name]['write']>>
    : Name extends ServiceEventName ? ReturnType<Writers[Name]['write']>
      : never
