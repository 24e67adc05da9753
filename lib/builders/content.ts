import type { DataOf, EventName } from '../events/event-types.ts'
import { notifications, type StaticData } from '../schemas/index.ts'
import type { Button } from '../schemas/buttons.ts'
import type { Content } from '../schemas/values.ts'

/** A button to write: its id is its position and its text a default one unless it says them. */
export type ButtonContent = { [Type in Button['type']]: Unlabeled<Extract<Button, { type: Type }>> }[Button['type']]

type Unlabeled<Labeled extends Button> = Omit<Labeled, 'buttonId' | 'buttonText'> & { readonly buttonId?: string | undefined, readonly buttonText?: string | undefined }

/**
 * A content to write, in the words of the event's `data`: what is not given has a default. What
 * `data` may lack is left out where it is `undefined`.
 */
export type ContentOf<Name extends EventName> = {
  readonly [Member in keyof DataOf<Name>]?: (Member extends 'buttons' ? readonly ButtonContent[] : DataOf<Name>[Member]) | undefined
}

/** A content, made complete by its defaults. */
export function complete<Name extends EventName> (name: Name, content: ContentOf<Name>, defaults: StaticData<Name>): StaticData<Name> {
  const { required = [] } = notifications[name].data
  // What changes in the body must not change in what it was made of.
  const given = Object.entries(structuredClone(content)).filter(([member, value]) => value !== undefined || !required.includes(member))
  const data: Content = { ...defaults, ...Object.fromEntries(given) }
  const said = Object.entries(data).filter(([, value]) => value !== undefined)
  // Its members are those of the content and the defaults, each of which is of this kind.
  return Object.fromEntries(said.map(([member, value]) => [member, member === 'buttons' ? label(value) : value])) as StaticData<Name>
}

const texts: Readonly<Record<Button['type'], string>> = { copy: 'Copy the code', call: 'Call us', url: 'Open the page', reply: 'Yes', unknown: 'Something new' }

function label (buttons: unknown): Button[] {
  // Only menus have a member of this name.
  return (buttons as ButtonContent[]).map((button, position) => {
    const { buttonId = String(position + 1), buttonText = texts[button.type] } = button
    return { ...button, buttonId, buttonText }
  })
}

/**
 * Checks a word that programs without types may have wrong.
 *
 * @throws {TypeError} with the words that there are
 */
export function assertKnownValue (name: string, word: unknown, words: readonly string[]): void {
  if (word === undefined || words.some((each) => each === word)) return
  throw new TypeError(`${name} is ${typeof word === 'string' ? `"${word}"` : String(word)}: write one of ${words.join(', ')}, or leave it out`)
}
