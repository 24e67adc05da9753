import type { GroupInviteMessage } from '../../schemas/group-invite-message.ts'
import { omitUndefined, type MessageWriter } from './writer.ts'

/** An invitation to a group. */
export const groupInviteMessage = {
  defaults: (): GroupInviteMessage => ({
    groupJid: '120363000000000042@g.us',
    inviteCode: 'a7E5WUg7rmjaQnvC',
    inviteExpiration: 1767484800,
    groupName: 'Shop talk',
    caption: 'Join our group'
  }),
  write: (data) => {
    const { groupJid, inviteCode, inviteExpiration, groupName = '', caption = '', name, jpegThumbnail = '' } = data
    return {
      typeMessage: 'groupInviteMessage',
      groupInviteMessageData: {
        groupJid,
        inviteCode,
        ...omitUndefined({ inviteExpiration: inviteExpiration === undefined ? undefined : halve(inviteExpiration) }),
        groupName,
        caption,
        ...omitUndefined({ name }),
        jpegThumbnail
      }
    }
  }
} satisfies MessageWriter<'groupInviteMessage'>

// As bodies have a number of 64 bits; of others there is no half.
function halve (number: number): number | { low: number, high: number, unsigned: boolean } {
  if (!Number.isSafeInteger(number)) return number
  const high = Math.floor(number / 2 ** 32)
  return { low: number - high * 2 ** 32 | 0, high, unsigned: false }
}
