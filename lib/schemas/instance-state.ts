import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { OpenEnum, readNumber } from './values.ts'

/** The state of an instance. An editor completes the known values; GREEN-API can add others. */
export const InstanceState = OpenEnum(
  'authorized', 'notAuthorized', 'blocked', 'starting', 'yellowCard', 'sleepMode', 'pendingCode', 'pendingPassword',
  'suspended'
)
export type InstanceState = Static<typeof InstanceState>

/** The status of an instance's connection. An editor completes the known values; GREEN-API can add others. */
export const SocketStatus = OpenEnum('online', 'offline')
export type SocketStatus = Static<typeof SocketStatus>

/** The `data` of `stateInstanceChanged`, as GREEN-API sends it. */
export const StateInstanceChanged = Type.Object({
  /** The new state. */
  stateInstance: InstanceState
})
export type StateInstanceChanged = Static<typeof StateInstanceChanged>

/** The `data` of `statusInstanceChanged`, as GREEN-API sends it. */
export const StatusInstanceChanged = Type.Object({
  /** The new status. */
  statusInstance: SocketStatus
})
export type StatusInstanceChanged = Static<typeof StatusInstanceChanged>

export const stateInstanceChanged = defineServiceEvent({
  summary: "a change of the instance's state",
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/StateInstanceChanged/',
  typeWebhooks: ['stateInstanceChanged'],
  wire: StateInstanceChanged,
  data: StateInstanceChanged,
  read: ({ stateInstance }) => ({ stateInstance }),
  identity: ({ timestamp }, { stateInstance }) => ({ id: readNumber(timestamp), state: stateInstance })
})

/** GREEN-API calls this kind deprecated. */
export const statusInstanceChanged = defineServiceEvent({
  summary: "a change of the instance's connection status",
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/StatusInstanceChanged/',
  typeWebhooks: ['statusInstanceChanged'],
  wire: StatusInstanceChanged,
  data: StatusInstanceChanged,
  read: ({ statusInstance }) => ({ statusInstance }),
  identity: ({ timestamp }, { statusInstance }) => ({ id: readNumber(timestamp), state: statusInstance })
})
