import type { GroupInviteMessage } from '../../schemas/group-invite-message.ts'
import { omitUndefined, type MessageWriter } from './writer.ts'

export const groupInviteMessage = {
  defaults: (): GroupInviteMessage => ({
    groupJid: '120363000000000042@g.us',
    inviteCode: 'a7E5WUg7rmjaQnvC',
    inviteExpiration: 1767484800,
    groupName: 'Shop talk',
    caption: 'Join our group'
  }),
  write: (data) => {
    const { groupJid, inviteCode, inviteExpiration, ...others } = data
    const { groupName = '', caption = '', name, jpegThumbnail = '', ...rest } = others
    return {
      typeMessage: 'groupInviteMessage',
      groupInviteMessageData: {
        groupJid,
        inviteCode,
        ...inviteExpiration !== undefined && { inviteExpiration: splitNumber(inviteExpiration) },
        groupName,
        caption,
        ...omitUndefined({ name }),
        jpegThumbnail,
        ...rest
      }
    }
  }
} satisfies MessageWriter<'groupInviteMessage'>

// Webhook bodies have the two halves of a 64-bit number. Only an integer can be split.
function splitNumber (number: number): number | { low: number, high: number, unsigned: boolean } {
  if (!Number.isSafeInteger(number)) return number
  const high = Math.floor(number / 2 ** 32)
  return { low: number - high * 2 ** 32 | 0, high, unsigned: false }
}
