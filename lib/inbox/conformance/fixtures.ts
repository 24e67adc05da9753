import type { Inbox, InboxEntry, StoredEntry } from '../inbox.ts'

/**
 * Creates an entry. Its ordering key is the part of the key before the hyphen: `ada-1` and `ada-2` are delivered in
 * order, `bob-1` concurrently with them.
 */
export function entry (key: string, members: Partial<InboxEntry> = {}): InboxEntry {
  const [orderingKey = ''] = key.split('-')
  return { key, orderingKey, name: 'interactiveButtons', body: `{"idMessage":"${key}"}`, checksum: 1, ...members }
}

/** Creates an entry with another body for the same key. */
export function revised (key: string, revision: number, members: Partial<InboxEntry> = {}): InboxEntry {
  return entry(key, { body: `{"idMessage":"${key}","revision":${revision}}`, checksum: revision, ...members })
}

/** Creates an entry of a recovered notification, which equals any body under its key. */
export function recovered (key: string): InboxEntry {
  return entry(key, { body: `{"record":{"idMessage":"${key}"}}`, checksum: null })
}

export async function addSequentially (inbox: Inbox, ...entries: InboxEntry[]): Promise<boolean[]> {
  const answers = []
  for (const entry of entries) answers.push(await inbox.add(entry))
  return answers
}

/** Adds entries without waiting in between. */
export function addConcurrently (inbox: Inbox, ...entries: InboxEntry[]): Promise<boolean[]> {
  return Promise.all(entries.map((entry) => inbox.add(entry)))
}

/** Returns the expected stored entry. */
export function stored ({ key, orderingKey, name, body }: Omit<InboxEntry, 'checksum'>, revision = 1): StoredEntry {
  return { key, orderingKey, name, body, revision }
}

export function keysOf (entries: ReadonlyArray<{ readonly key: string }>): string[] {
  return entries.map(({ key }) => key)
}

/** Creates entries with one ordering key: `ada-1`, `ada-2` and so on. */
export function series (name: string, length: number): InboxEntry[] {
  return Array.from({ length }, (_, index) => entry(`${name}-${index + 1}`))
}

/** The message of the error that `fail` throws. It has a character that is not ASCII. */
export const failureMessage = 'the database is away 📦'

export function fail (): never {
  throw new Error(failureMessage)
}
