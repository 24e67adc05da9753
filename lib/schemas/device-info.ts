import { Type, type Static } from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { Unchecked, WireBoolean, WireNumber, WireText, isObject, readBooleans, readNumbers, readText, readTexts, type Content } from './values.ts'

/** The instance's device, as listeners receive it. What the wire has none of, `null` or an empty one, is absent. */
export const DeviceInfo = Type.Object({
  /** Such as `iphone`. */
  platform: Type.Optional(Type.String()),
  /** Such as `Apple`. */
  deviceManufacturer: Type.Optional(Type.String()),
  /** Such as `iPhone 11`. */
  deviceModel: Type.Optional(Type.String()),
  /** The version of its system. */
  osVersion: Type.Optional(Type.String()),
  /** The version of WhatsApp. */
  waVersion: Type.Optional(Type.String()),
  /** What is left of the battery, in percent. */
  battery: Type.Optional(Type.Number())
})
export type DeviceInfo = Static<typeof DeviceInfo>

/** A contact's new picture, as listeners receive it. */
export const AvatarInfo = Type.Object({
  /** Whose; `''` where the wire does not say. */
  chatId: Type.String(),
  /** Where the picture is; `''` where there is none. */
  urlAvatar: Type.String(),
  /** Whether the contact has an account. */
  existsWhatsapp: Type.Optional(Type.Boolean()),
  /** Why there is no picture. */
  reason: Type.Optional(Type.String())
})
export type AvatarInfo = Static<typeof AvatarInfo>

/** The members of the webhook body that tell of the device. */
export const WireDeviceInfo = Type.Object({
  deviceData: Type.Object({
    platform: Unchecked(WireText),
    deviceManufacturer: Unchecked(WireText),
    deviceModel: Unchecked(WireText),
    osVersion: Unchecked(WireText),
    waVersion: Unchecked(WireText),
    battery: Unchecked(WireNumber)
  })
})

const WireAvatar = Type.Object({
  chatId: Unchecked(WireText),
  urlAvatar: Unchecked(WireText),
  existsWhatsapp: Unchecked(WireBoolean),
  reason: Unchecked(WireText)
})

/** The members of the webhook body that tell of the picture: bodies say `avatarInfo`, a table `deviceData`. */
export const WireAvatarInfo = Type.Object({
  avatarInfo: Unchecked(WireAvatar),
  deviceData: Unchecked(WireAvatar)
})

/** What device the instance is on. GREEN-API calls it deprecated. */
export const deviceInfo = defineServiceEvent({
  summary: 'what device the instance is on',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/DeviceInfo/',
  typeWebhooks: ['deviceInfo'],
  wire: WireDeviceInfo,
  data: DeviceInfo,
  read ({ deviceData }) {
    const data: DeviceInfo = {
      ...readTexts(deviceData, ['platform', 'deviceManufacturer', 'deviceModel', 'osVersion', 'waVersion']),
      ...readNumbers(deviceData, ['battery'])
    }
    return Object.keys(data).length === 0 ? 'Expected something about the device' : data
  }
})

/** A contact's new picture. It comes under the `typeWebhook` of `deviceInfo`; GREEN-API calls it deprecated. */
export const avatarInfo = defineServiceEvent({
  summary: "a contact's new picture",
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/AvatarInfo/',
  typeWebhooks: ['deviceInfo', 'avatarInfo'],
  wire: WireAvatarInfo,
  data: AvatarInfo,
  read (wire) {
    const avatar = [wire.avatarInfo, wire.deviceData].find(tellsOfAvatar)
    if (avatar === undefined) return 'Expected urlAvatar, existsWhatsapp or reason'
    return {
      chatId: readText(avatar.chatId),
      urlAvatar: readText(avatar.urlAvatar),
      ...readBooleans(avatar, ['existsWhatsapp']),
      ...readTexts(avatar, ['reason'])
    }
  },
  chatId: ({ chatId }) => chatId
})

function tellsOfAvatar (value: unknown): value is Content {
  return isObject(value) && (value.urlAvatar ?? value.existsWhatsapp ?? value.reason) != null
}
