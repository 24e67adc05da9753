import { hash } from 'node:crypto'
import { isObject } from '../schemas/values.ts'

/** The members of a notification or a journal record that have the id of a chat or an account. */
const idMembers = new Set([
  'chatId', 'sender', 'senderId', 'from', 'participant', 'participants', 'optionVoters', 'wid', 'id'
])

/** The ids without a phone number (`…@lid`) of the accounts that an instance writes with. */
export class Lids {
  readonly #numberIds = new Map<string, string>()

  /** Returns the `@lid` of an id with a phone number, always the same one; any other id as it is. */
  toLid (id: string): string {
    if (!/^\d+@c\.us$/.test(id)) return id
    const digits = 100_000_000_000_000 + Number.parseInt(hash('sha256', id).slice(0, 12), 16)
    const lid = `${digits}@lid`
    this.#numberIds.set(lid, id)
    return lid
  }

  /** Returns the id with a phone number that an `@lid` was made of; any other id as it is. */
  toNumberId (id: string): string {
    return this.#numberIds.get(id) ?? id
  }

  /** Returns a copy of a body or a record that has no phone number, except for that of the instance itself. */
  replaceNumberIds<Body extends object> (body: Body): Body {
    // Only texts change.
    return this.#replace(body, '') as Body
  }

  #replace (value: unknown, member: string): unknown {
    if (typeof value === 'string') return idMembers.has(member) ? this.toLid(value) : value
    if (Array.isArray(value)) return value.map((each) => this.#replace(each, member))
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => {
      return [name, name === 'instanceData' ? each : this.#replace(each, name)]
    }))
  }
}
