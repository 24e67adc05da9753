import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { Unchecked, WireNumber, WireText, readNumber, readTexts } from './values.ts'

/** A place, as listeners receive it. What the wire has none of, `null` or an empty one, is absent. */
export const LocationMessage = Type.Object({
  /** In degrees, positive to the north; from a number or a text. */
  latitude: Type.Number(),
  /** In degrees, positive to the east; from a number or a text. */
  longitude: Type.Number(),
  /** What the place is called. */
  nameLocation: Type.Optional(Type.String()),
  /** Where it is. */
  address: Type.Optional(Type.String()),
  /** A small map of it, as base64. */
  jpegThumbnail: Type.Optional(Type.String())
})
export type LocationMessage = Static<typeof LocationMessage>

/** A place as GREEN-API spells it: in `locationMessageData`, in journal records and quotes in `location`. */
export const WireLocationMessage = Type.Object({
  latitude: Unchecked(WireNumber),
  longitude: Unchecked(WireNumber),
  nameLocation: Unchecked(WireText),
  address: Unchecked(WireText),
  jpegThumbnail: Unchecked(Type.String())
})

/** A place. */
export const locationMessage = defineMessage({
  summary: 'a place',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/LocationMessage/',
  typeMessages: ['locationMessage'],
  members: ['locationMessageData', 'location', 'locationMessage'],
  flat: ['latitude'],
  wire: WireLocationMessage,
  data: LocationMessage,
  read (wire) {
    const latitude = readNumber(wire.latitude)
    const longitude = readNumber(wire.longitude)
    if (latitude === undefined || longitude === undefined) return 'Expected latitude and longitude'
    const data: LocationMessage = { latitude, longitude, ...readTexts(wire, ['nameLocation', 'address', 'jpegThumbnail']) }
    return data
  }
})
