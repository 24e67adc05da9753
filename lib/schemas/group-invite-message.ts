import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { Unchecked, WireNumber, WireText, readFirst, readNumbers, readText, readTexts } from './values.ts'

/** An invitation to a group, as listeners receive it. What the wire has none of, `null` or an empty one, is absent. */
export const GroupInviteMessage = Type.Object({
  /** The group's chat id; `''` where the wire has none. */
  groupJid: Type.String(),
  /** What one joins with; `''` where the wire has none. */
  inviteCode: Type.String(),
  /** Until when, in Unix time in seconds: from a number, a text, or the halves `low` and `high` of one; absent where the wire has none. */
  inviteExpiration: Type.Optional(Type.Number()),
  /** The group's name. */
  groupName: Type.Optional(Type.String()),
  /** What the sender wrote to it. */
  caption: Type.Optional(Type.String()),
  /** A name that some bodies have besides, of whom GREEN-API does not say. */
  name: Type.Optional(Type.String()),
  /** A small picture of the group, as base64. */
  jpegThumbnail: Type.Optional(Type.String())
})
export type GroupInviteMessage = Static<typeof GroupInviteMessage>

/** An invitation as GREEN-API spells it: `inviteExpiration` is a text, a number or the two halves of one. */
export const WireGroupInviteMessage = Type.Object({
  groupJid: Unchecked(WireText),
  inviteCode: Unchecked(WireText),
  inviteExpiration: Unchecked(WireNumber),
  groupName: Unchecked(WireText),
  caption: Unchecked(WireText),
  name: Unchecked(WireText),
  jpegThumbnail: Unchecked(Type.String())
})

/** An invitation to a group. */
export const groupInviteMessage = defineMessage({
  summary: 'an invitation to a group',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/GroupInviteMessage/',
  typeMessages: ['groupInviteMessage'],
  members: ['groupInviteMessageData', 'groupInviteMessage'],
  flat: ['groupJid', 'inviteCode'],
  wire: WireGroupInviteMessage,
  data: GroupInviteMessage,
  read (wire) {
    if (readFirst(wire.groupJid, wire.inviteCode, wire.groupName) === '') return 'Expected groupJid, inviteCode or groupName'
    const data: GroupInviteMessage = {
      groupJid: readText(wire.groupJid),
      inviteCode: readText(wire.inviteCode),
      ...readNumbers(wire, ['inviteExpiration']),
      ...readTexts(wire, ['groupName', 'caption', 'name', 'jpegThumbnail'])
    }
    return data
  }
})
