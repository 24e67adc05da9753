import type { DataOf, EventName } from '../events/index.ts'
import type { Button } from '../schemas/buttons.ts'
import { notifications, type StaticData } from '../schemas/index.ts'
import type { Content } from '../schemas/values.ts'

/** A button to build. Default: `buttonId` is its position, counted from 1, and `buttonText` depends on `type`. */
export type ButtonContent = { [Type in Button['type']]: Unlabeled<Extract<Button, { type: Type }>> }[Button['type']]

type Unlabeled<Labeled extends Button> = Omit<Labeled, 'buttonId' | 'buttonText'> & {
  readonly buttonId?: string | undefined
  readonly buttonText?: string | undefined
}

/**
 * The content of a notification to build: the members of an event's `data`, all optional.
 *
 * A missing member has a default. An optional member of `data` is left out if it is `undefined`.
 */
export type ContentOf<Name extends EventName> = {
  readonly [Member in keyof DataOf<Name>]?:
    (Member extends 'buttons' ? readonly ButtonContent[] : DataOf<Name>[Member]) | undefined
}

/** Adds defaults to a content. */
export function complete<Name extends EventName> (
  name: Name, content: ContentOf<Name>, defaults: StaticData<Name>
): StaticData<Name> {
  const { required = [] } = notifications[name].data
  // A change of the body must not change the content that it was built from.
  const given = Object.entries(structuredClone(content))
    .filter(([member, value]) => value !== undefined || !required.includes(member))
  const data: Content = { ...defaults, ...Object.fromEntries(given) }
  const members = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([member, value]) => [member, member === 'buttons' ? addLabels(value) : value])
  // The content and the defaults are both of this kind.
  return Object.fromEntries(members) as StaticData<Name>
}

const defaultTexts: Readonly<Record<Button['type'], string>> = {
  copy: 'Copy the code',
  call: 'Call us',
  url: 'Open the page',
  reply: 'Yes',
  unknown: 'Something new'
}

function addLabels (buttons: unknown): Button[] {
  // Only menus have a member with this name.
  return (buttons as ButtonContent[]).map((button, position) => {
    const { buttonId = String(position + 1), buttonText = defaultTexts[button.type] } = button
    return { ...button, buttonId, buttonText }
  })
}

/**
 * Checks a value that a JavaScript program can have wrong.
 *
 * @throws {TypeError} if the value is neither `undefined` nor a known one
 */
export function assertKnownValue (name: string, value: unknown, known: readonly string[]): void {
  if (value === undefined || known.some((each) => each === value)) return
  throw new TypeError(`Invalid ${name} ${JSON.stringify(value)}. Use one of: ${known.join(', ')}.`)
}
