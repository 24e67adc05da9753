import { Type, type Static } from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { Open, readNumber } from './values.ts'

/** A state of an instance: those known today complete in the editor, those to come pass. */
export const InstanceState = Open('authorized', 'notAuthorized', 'blocked', 'starting', 'yellowCard', 'sleepMode', 'pendingCode', 'pendingPassword', 'suspended')
export type InstanceState = Static<typeof InstanceState>

/** Whether the instance's connection is up: those known today complete in the editor, those to come pass. */
export const SocketStatus = Open('online', 'offline')
export type SocketStatus = Static<typeof SocketStatus>

/** The instance's new state; listeners receive it as GREEN-API spells it. */
export const StateInstanceChanged = Type.Object({
  /** The state. */
  stateInstance: InstanceState
})
export type StateInstanceChanged = Static<typeof StateInstanceChanged>

/** The new status of the instance's connection; listeners receive it as GREEN-API spells it. */
export const StatusInstanceChanged = Type.Object({
  /** The status. */
  statusInstance: SocketStatus
})
export type StatusInstanceChanged = Static<typeof StatusInstanceChanged>

/** A change of the instance's state. */
export const stateInstanceChanged = defineServiceEvent({
  summary: "a change of the instance's state",
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/StateInstanceChanged/',
  typeWebhooks: ['stateInstanceChanged'],
  wire: StateInstanceChanged,
  data: StateInstanceChanged,
  read: ({ stateInstance }) => ({ stateInstance }),
  identity: ({ timestamp }, { stateInstance }) => ({ id: readNumber(timestamp), state: stateInstance })
})

/** A change of the status of the instance's connection. GREEN-API calls it deprecated. */
export const statusInstanceChanged = defineServiceEvent({
  summary: "a change of the status of the instance's connection",
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/StatusInstanceChanged/',
  typeWebhooks: ['statusInstanceChanged'],
  wire: StatusInstanceChanged,
  data: StatusInstanceChanged,
  read: ({ statusInstance }) => ({ statusInstance }),
  identity: ({ timestamp }, { statusInstance }) => ({ id: readNumber(timestamp), state: statusInstance })
})
