import type { LocationMessage } from '../../schemas/location-message.ts'
import { forwarding, type MessageWriter } from './writer.ts'

/** A place. */
export const locationMessage = {
  defaults: (scene, { latitude }): LocationMessage => {
    const place = { latitude: 52.520008, longitude: 13.404954 }
    return latitude === undefined ? { ...place, nameLocation: 'The shop', address: 'Main Street 1, Berlin' } : place
  },
  write: ({ latitude, longitude, nameLocation = '', address = '', jpegThumbnail = '' }, scene) => ({
    typeMessage: 'locationMessage',
    locationMessageData: { latitude, longitude, nameLocation, address, jpegThumbnail, ...forwarding(scene) }
  })
} satisfies MessageWriter<'locationMessage'>
