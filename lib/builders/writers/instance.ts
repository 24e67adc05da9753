import type { AvatarInfo, DeviceInfo } from '../../schemas/device-info.ts'
import type { QuotaExceeded } from '../../schemas/quota-exceeded.ts'
import { omitUndefined, type ServiceEventWriter } from './writer.ts'

export const stateInstanceChanged = {
  defaults: () => ({ stateInstance: 'authorized' }),
  write: (data, { instanceData, timestamp }) => ({
    typeWebhook: 'stateInstanceChanged', instanceData, timestamp, ...data
  })
} satisfies ServiceEventWriter<'stateInstanceChanged'>

export const statusInstanceChanged = {
  defaults: () => ({ statusInstance: 'online' }),
  write: (data, { instanceData, timestamp }) => ({
    typeWebhook: 'statusInstanceChanged', instanceData, timestamp, ...data
  })
} satisfies ServiceEventWriter<'statusInstanceChanged'>

// The body has no timestamp.
export const quotaExceeded = {
  defaults: (): QuotaExceeded => ({
    method: 'correspondents',
    used: 3,
    total: 3,
    status: 'CORRESPONDENTS_QUOTA_EXCEEDED',
    description: 'The quota of correspondents is used up for this month.'
  }),
  write: ({ method, used, total, ...rest }, { instanceData }) => ({
    typeWebhook: 'quotaExceeded', instanceData, quotaData: { method, ...omitUndefined({ used, total }), ...rest }
  })
} satisfies ServiceEventWriter<'quotaExceeded'>

export const deviceInfo = {
  defaults: (): DeviceInfo => ({
    platform: 'iphone',
    deviceManufacturer: 'Apple',
    deviceModel: 'iPhone 15',
    osVersion: '18.1',
    waVersion: '2.24.20',
    battery: 90
  }),
  write: (deviceData, { instanceData, timestamp }) => ({
    typeWebhook: 'deviceInfo', instanceData, timestamp, deviceData
  })
} satisfies ServiceEventWriter<'deviceInfo'>

// The body has the type of a device.
export const avatarInfo = {
  defaults: ({ chatId }): AvatarInfo => ({
    chatId,
    existsWhatsapp: true,
    urlAvatar: 'https://files.example/avatars/8c1f.jpg'
  }),
  write: (avatarInfo, { instanceData, timestamp }) => ({
    typeWebhook: 'deviceInfo', instanceData, timestamp, avatarInfo
  })
} satisfies ServiceEventWriter<'avatarInfo'>

export const incomingBlock = {
  defaults: () => ({ chatState: 'blocked' }),
  write: (data, { instanceData, timestamp, chatId }) => ({
    typeWebhook: 'incomingBlock', instanceData, timestamp, chatId, ...data
  })
} satisfies ServiceEventWriter<'incomingBlock'>
