/** How bad it is: nothing to do, for information, worth a look, or what keeps notifications from arriving. */
export type Level = 'ok' | 'note' | 'warning' | 'problem'

/** Something that the doctor has found. */
export interface Finding {
  readonly level: Level
  /** What it is about, in GREEN-API's words where it has some. */
  readonly subject: string
  readonly message: string
  /** What to do about it. */
  readonly fix?: string
  /** The events that can not arrive for it. */
  readonly events?: readonly string[]
}
