import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { Unchecked, WireText, isObject, readOptional, readText, wireOf, type Content } from './values.ts'

const optionalDeviceMembers = {
  /** The platform, such as `iphone`. */
  platform: Type.Optional(Type.String()),
  /** The manufacturer, such as `Apple`. */
  deviceManufacturer: Type.Optional(Type.String()),
  /** The model, such as `iPhone 11`. */
  deviceModel: Type.Optional(Type.String()),
  /** The version of the operating system. */
  osVersion: Type.Optional(Type.String()),
  /** The version of WhatsApp. */
  waVersion: Type.Optional(Type.String()),
  /** The battery level in percent. */
  battery: Type.Optional(Type.Number())
}

/** The `data` of `deviceInfo`. */
export const DeviceInfo = Type.Object(optionalDeviceMembers)
export type DeviceInfo = Static<typeof DeviceInfo>

const optionalAvatarMembers = {
  /** Whether the contact has a WhatsApp account. */
  existsWhatsapp: Type.Optional(Type.Boolean()),
  /** Why there is no avatar. */
  reason: Type.Optional(Type.String())
}

/** The `data` of `avatarInfo`. */
export const AvatarInfo = Type.Object({
  /** The contact's chat id. `''` if missing. */
  chatId: Type.String(),
  /** The avatar's URL. `''` if there is no avatar. */
  urlAvatar: Type.String(),
  ...optionalAvatarMembers
})
export type AvatarInfo = Static<typeof AvatarInfo>

/** The members of a webhook body about the device. */
export const WireDeviceInfo = Type.Object({ deviceData: Type.Object(wireOf(optionalDeviceMembers)) })

const WireAvatar = Type.Object({
  chatId: Unchecked(WireText),
  urlAvatar: Unchecked(WireText),
  ...wireOf(optionalAvatarMembers)
})

/** The members of a webhook body about an avatar: `avatarInfo`, in GREEN-API's documentation also `deviceData`. */
export const WireAvatarInfo = Type.Object({
  avatarInfo: Unchecked(WireAvatar),
  deviceData: Unchecked(WireAvatar)
})

/** GREEN-API calls this kind deprecated. */
export const deviceInfo = defineServiceEvent({
  summary: "information about the instance's device",
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/DeviceInfo/',
  typeWebhooks: ['deviceInfo'],
  wire: WireDeviceInfo,
  data: DeviceInfo,
  read ({ deviceData }) {
    const data: DeviceInfo = readOptional(deviceData, optionalDeviceMembers)
    return Object.keys(data).length === 0 ? 'Expected something about the device' : data
  }
})

/** Webhook bodies have the `typeWebhook` of `deviceInfo`. GREEN-API calls this kind deprecated. */
export const avatarInfo = defineServiceEvent({
  summary: "a contact's new avatar",
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/AvatarInfo/',
  typeWebhooks: ['deviceInfo', 'avatarInfo'],
  wire: WireAvatarInfo,
  data: AvatarInfo,
  read (wire) {
    const avatar = [wire.avatarInfo, wire.deviceData].find(isAvatar)
    if (avatar === undefined) return 'Expected urlAvatar, existsWhatsapp or reason'
    return {
      chatId: readText(avatar.chatId),
      urlAvatar: readText(avatar.urlAvatar),
      ...readOptional(avatar, optionalAvatarMembers)
    }
  },
  chatId: ({ chatId }) => chatId
})

function isAvatar (value: unknown): value is Content {
  return isObject(value) && (value.urlAvatar ?? value.existsWhatsapp ?? value.reason) != null
}
