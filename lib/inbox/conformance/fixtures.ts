import type { Inbox, InboxEntry, StoredEntry } from '../inbox.ts'

/**
 * An entry. Its ordering key is what its key begins with, up to the hyphen: `ada-1` and `ada-2`
 * are delivered in order, `bob-1` beside them.
 */
export function entry (key: string, members: Partial<InboxEntry> = {}): InboxEntry {
  const [orderingKey = ''] = key.split('-')
  return { key, orderingKey, name: 'interactiveButtons', body: `{"idMessage":"${key}"}`, checksum: 1, ...members }
}

/** Another body that came under the same key. */
export function revised (key: string, revision: number, members: Partial<InboxEntry> = {}): InboxEntry {
  return entry(key, { body: `{"idMessage":"${key}","revision":${revision}}`, checksum: revision, ...members })
}

/** Adds entries, one after the other. */
export async function addInTurn (inbox: Inbox, ...entries: InboxEntry[]): Promise<boolean[]> {
  const answers = []
  for (const entry of entries) answers.push(await inbox.add(entry))
  return answers
}

/** Adds entries without waiting for one before the next. */
export function addAtOnce (inbox: Inbox, ...entries: InboxEntry[]): Promise<boolean[]> {
  return Promise.all(entries.map((entry) => inbox.add(entry)))
}

/** The entry as it is to be stored. */
export function stored ({ key, orderingKey, name, body }: Omit<InboxEntry, 'checksum'>, revision = 1): StoredEntry {
  return { key, orderingKey, name, body, revision }
}

/** The keys of entries, in their order. */
export function keysOf (entries: ReadonlyArray<{ readonly key: string }>): string[] {
  return entries.map(({ key }) => key)
}

/** `ada-1`, `ada-2` and so on. */
export function series (name: string, length: number): InboxEntry[] {
  return Array.from({ length }, (_, index) => entry(`${name}-${index + 1}`))
}

/** What a listener fails with. */
export const fault = 'the database is away 📦'

/** A listener that fails. */
export function fail (): never {
  throw new Error(fault)
}
