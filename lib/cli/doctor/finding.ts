/** `problem`: keeps notifications from arriving. `warning`: deserves a look. `note`: information only. */
export type Level = 'ok' | 'note' | 'warning' | 'problem'

/** One result of the doctor. */
export interface Finding {
  readonly level: Level
  /** The setting it is about, by GREEN-API's name where there is one. */
  readonly subject: string
  readonly message: string
  readonly fix?: string
  /** The events that do not arrive because of it. */
  readonly events?: readonly string[]
  /** The messages and calls that are missing, the oldest first. */
  readonly missing?: readonly MissingMessage[]
}

/** A message or a call in GREEN-API's journals that did not arrive. */
export interface MissingMessage {
  readonly idMessage: string
  /** Unix time in seconds. */
  readonly timestamp: number
  readonly direction: 'incoming' | 'outgoing'
  readonly chatId: string
  /** The name of the event. */
  readonly name: string
}
