/** The devices of a contact. */
export const devices = ['android', 'ios', 'web'] as const

/** A device of a contact. It decides the form of the ids of messages, and of a tap the `typeMessage`. */
export type Device = typeof devices[number]
