import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { Unchecked, WireText, readFirst, readOptional, readText, wireOf } from './values.ts'

const optional = {
  /** When the invitation expires, in Unix time in seconds. */
  inviteExpiration: Type.Optional(Type.Number()),
  /** The group's name. */
  groupName: Type.Optional(Type.String()),
  /** The text that the sender added. */
  caption: Type.Optional(Type.String()),
  /** A name that some notifications have. GREEN-API does not document its meaning. */
  name: Type.Optional(Type.String()),
  /** A thumbnail of the group's picture, in base64. */
  jpegThumbnail: Type.Optional(Type.String())
}

/** The `data` of `groupInviteMessage`. */
export const GroupInviteMessage = Type.Object({
  /** The group's chat id. `''` if missing. */
  groupJid: Type.String(),
  /** The code to join the group. `''` if missing. */
  inviteCode: Type.String(),
  ...optional
})
export type GroupInviteMessage = Static<typeof GroupInviteMessage>

/** An invitation on the wire. `inviteExpiration` is a string, a number, or the two halves of a 64-bit number. */
export const WireGroupInviteMessage = Type.Object({
  groupJid: Unchecked(WireText),
  inviteCode: Unchecked(WireText),
  ...wireOf(optional)
})

export const groupInviteMessage = defineMessage({
  summary: 'an invitation to a group',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/GroupInviteMessage/',
  typeMessages: ['groupInviteMessage'],
  members: ['groupInviteMessageData', 'groupInviteMessage'],
  flat: ['groupJid', 'inviteCode'],
  wire: WireGroupInviteMessage,
  data: GroupInviteMessage,
  read (wire) {
    const groupJid = readText(wire.groupJid)
    const inviteCode = readText(wire.inviteCode)
    const isEmpty = readFirst(groupJid, inviteCode, wire.groupName) === ''
    if (isEmpty) return 'Expected groupJid, inviteCode or groupName'
    return { groupJid, inviteCode, ...readOptional(wire, optional) }
  }
})
