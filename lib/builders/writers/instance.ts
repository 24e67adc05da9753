import type { AvatarInfo, DeviceInfo } from '../../schemas/device-info.ts'
import type { QuotaExceeded } from '../../schemas/quota-exceeded.ts'
import { omitUndefined, type ServiceEventWriter } from './writer.ts'

/** The instance's new state. */
export const stateInstanceChanged = {
  defaults: () => ({ stateInstance: 'authorized' }),
  write: ({ stateInstance }, { instanceData, timestamp }) => ({ typeWebhook: 'stateInstanceChanged', instanceData, timestamp, stateInstance })
} satisfies ServiceEventWriter<'stateInstanceChanged'>

/** The new status of the instance's connection. */
export const statusInstanceChanged = {
  defaults: () => ({ statusInstance: 'online' }),
  write: ({ statusInstance }, { instanceData, timestamp }) => ({ typeWebhook: 'statusInstanceChanged', instanceData, timestamp, statusInstance })
} satisfies ServiceEventWriter<'statusInstanceChanged'>

/** A quota that is used up, in a body without a time. */
export const quotaExceeded = {
  defaults: (): QuotaExceeded => ({ method: 'correspondents', used: 3, total: 3, status: 'CORRESPONDENTS_QUOTA_EXCEEDED', description: 'The quota of correspondents is used up for this month.' }),
  write: ({ method, used, total, status, description }, { instanceData }) => ({
    typeWebhook: 'quotaExceeded', instanceData, quotaData: { method, ...omitUndefined({ used, total }), status, ...omitUndefined({ description }) }
  })
} satisfies ServiceEventWriter<'quotaExceeded'>

/** The instance's device. */
export const deviceInfo = {
  defaults: (): DeviceInfo => ({ platform: 'iphone', deviceManufacturer: 'Apple', deviceModel: 'iPhone 15', osVersion: '18.1', waVersion: '2.24.20', battery: 90 }),
  write: (deviceData, { instanceData, timestamp }) => ({ typeWebhook: 'deviceInfo', instanceData, timestamp, deviceData })
} satisfies ServiceEventWriter<'deviceInfo'>

/** A contact's new picture, which comes under the name of a device. */
export const avatarInfo = {
  defaults: ({ chatId }): AvatarInfo => ({ chatId, urlAvatar: 'https://files.example/avatars/8c1f.jpg', existsWhatsapp: true }),
  write: ({ chatId, urlAvatar, existsWhatsapp, reason }, { instanceData, timestamp }) => ({
    typeWebhook: 'deviceInfo', instanceData, timestamp, avatarInfo: { chatId, ...omitUndefined({ existsWhatsapp }), urlAvatar, ...omitUndefined({ reason }) }
  })
} satisfies ServiceEventWriter<'avatarInfo'>

/** That a contact blocked the instance. */
export const incomingBlock = {
  defaults: () => ({ chatState: 'blocked' }),
  write: ({ chatState }, { instanceData, timestamp, chatId }) => ({ typeWebhook: 'incomingBlock', instanceData, timestamp, chatId, chatState })
} satisfies ServiceEventWriter<'incomingBlock'>
