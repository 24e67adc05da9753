import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { Unchecked, WireNumber, readNumber, readOptional, wireOf } from './values.ts'

const optional = {
  /** The place's name. */
  nameLocation: Type.Optional(Type.String()),
  /** The place's address. */
  address: Type.Optional(Type.String()),
  /** A thumbnail of the map, in base64. */
  jpegThumbnail: Type.Optional(Type.String())
}

/** The `data` of `locationMessage`. */
export const LocationMessage = Type.Object({
  /** The latitude in degrees, positive in the north. */
  latitude: Type.Number(),
  /** The longitude in degrees, positive in the east. */
  longitude: Type.Number(),
  ...optional
})
export type LocationMessage = Static<typeof LocationMessage>

/** A location on the wire: in `locationMessageData`, or in `location` in journal records and quoted messages. */
export const WireLocationMessage = Type.Object({
  latitude: Unchecked(WireNumber),
  longitude: Unchecked(WireNumber),
  ...wireOf(optional)
})

export const locationMessage = defineMessage({
  summary: 'a location',
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
    return { latitude, longitude, ...readOptional(wire, optional) }
  }
})
