import type { LocationMessage } from '../../schemas/location-message.ts'
import { forwarding, type MessageWriter } from './writer.ts'

export const locationMessage = {
  defaults: (context, { latitude }): LocationMessage => {
    const coordinates = { latitude: 52.520008, longitude: 13.404954 }
    // The default name belongs to the default coordinates.
    if (latitude !== undefined) return coordinates
    return { ...coordinates, nameLocation: 'The shop', address: 'Main Street 1, Berlin' }
  },
  write: ({ latitude, longitude, nameLocation = '', address = '', jpegThumbnail = '', ...rest }, context) => ({
    typeMessage: 'locationMessage',
    locationMessageData: {
      latitude,
      longitude,
      nameLocation,
      address,
      jpegThumbnail,
      ...rest,
      ...forwarding(context)
    }
  })
} satisfies MessageWriter<'locationMessage'>
