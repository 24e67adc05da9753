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
}
