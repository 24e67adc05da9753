import { readText, type Content } from '../schemas/values.ts'

/** Returns the most descriptive text of an event's data. Empty if there is none. */
export function mainText (data: object): string {
  const { text, body, caption, name, displayName, fileName, reaction }: Content = { ...data }
  return [text, body, caption, name, displayName, fileName, reaction].map(readText).find((each) => each !== '') ?? ''
}
