import type { EventBase } from '../events/event-types.ts'
import type { Event, ListenableName } from '../events/event-map.ts'
import type { Identity } from './identity.ts'

/** A parsed body as the event it announces, and the names that the event is emitted under. */
export interface Recognized {
  /** Its `id` is `''` where it has no identity. */
  readonly event: Event
  /** `undefined` where the body has no id to make one of. */
  readonly identity: Identity | undefined
  readonly names: readonly ListenableName[]
}

/** Ties an event, put together at run time, to its type. */
export function recognized<Announced extends EventBase> (names: readonly ListenableName[], identity: Identity | undefined, event: Announced): Recognized {
  // The map ties each name to its members; of what is put together at run time no compiler knows.
  return { event: event as EventBase as Event, identity, names }
}
