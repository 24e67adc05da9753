import type { NotificationRecord } from '../protocol.ts'
import { find, formatDuration, formatSeconds, h } from './dom.ts'
import { Roving } from './roving.ts'
import { detailOf, drawStatus, nameOf, stateOf } from './status.ts'

interface Options {
  select (id: number, focus: boolean): void
}

interface Row {
  readonly item: HTMLLIElement
  readonly button: HTMLButtonElement
  record: NotificationRecord
}

/** The log: one line for each notification, the newest first. */
export class Log {
  readonly #list = find('entries', HTMLOListElement)
  readonly #empty = find('no-entries', HTMLElement)
  readonly #filter = find('filter', HTMLInputElement)
  readonly #statusFilter = find('status-filter', HTMLSelectElement)
  readonly #roving = new Roving(this.#list, 'first')
  readonly #rows = new Map<number, Row>()
  readonly #options: Options
  isLive = false

  constructor (options: Options) {
    this.#options = options
    for (const control of [this.#filter, this.#statusFilter]) {
      control.addEventListener('input', () => {
        for (const row of this.#rows.values()) this.#hide(row)
        this.#drawEmpty()
        this.#roving.reset()
      })
    }
    this.#filter.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowDown') return
      event.preventDefault()
      this.#list.querySelector<HTMLElement>('li:not([hidden]) button')?.focus()
    })
  }

  clear (): void {
    this.#rows.clear()
    this.#list.replaceChildren()
    this.#drawEmpty()
  }

  focusFilter (): void {
    this.#filter.focus()
    this.#filter.select()
  }

  add (record: NotificationRecord): void {
    const row = this.#rows.get(record.id) ?? this.#addRow(record)
    row.record = record
    const [latest] = record.attempts
    const detail = detailOf(record)
    row.button.replaceChildren(
      h('time', { datetime: new Date(record.at).toISOString() }, formatSeconds(record.at)),
      h('span', { class: 'what' },
        h('b', {}, nameOf(record)),
        detail === '' ? undefined : h('span', { class: 'detail', dir: 'auto' }, detail)),
      drawStatus(record),
      h('span', { class: 'latency' }, latest === undefined ? '' : formatDuration(latest.durationMs)),
      drawTries(record))
    this.#hide(row)
    this.#drawEmpty()
  }

  /** Marks the line of a record. */
  select (id: number | undefined): void {
    for (const [each, { item, button }] of this.#rows) {
      item.toggleAttribute('data-selected', each === id)
      button.setAttribute('aria-pressed', String(each === id))
    }
  }

  #addRow (record: NotificationRecord): Row {
    const { id } = record
    const button = h('button', { type: 'button', 'aria-pressed': 'false' })
    button.addEventListener('click', ({ detail }) => {
      // The detail of a click with the keyboard is 0.
      this.#options.select(id, detail === 0)
    })
    const item = h('li', { 'data-row': true, class: this.isLive ? 'arrives' : '' }, button)
    const row: Row = { item, button, record }
    this.#rows.set(id, row)
    this.#list.prepend(item)
    this.#roving.note(item)
    return row
  }

  #hide ({ item, record }: Row): void {
    const words = this.#filter.value.trim().toLowerCase().split(/\s+/)
    const text = [nameOf(record), ...record.names, detailOf(record), record.event.chatId].join(' ').toLowerCase()
    const status = this.#statusFilter.value
    item.hidden = !words.every((word) => text.includes(word)) || !(status === 'all' || status === stateOf(record))
  }

  #drawEmpty (): void {
    const isEmpty = ![...this.#rows.values()].some(({ item }) => !item.hidden)
    this.#empty.hidden = !isEmpty
    this.#list.parentElement?.toggleAttribute('data-empty', isEmpty)
    if (!isEmpty) return
    const isFiltered = this.#rows.size > 0
    find('no-entries-title', HTMLElement).textContent = isFiltered ? 'No match' : 'Nothing sent yet'
    find('no-entries-text', HTMLElement).textContent = isFiltered
      ? 'Change the filter to see other notifications.'
      : 'Each notification to your server is listed here, with its answer.'
  }
}

function drawTries ({ attemptCount }: NotificationRecord): HTMLElement {
  if (attemptCount === 0) return h('span')
  const label = h('span', { class: 'visually-hidden' }, 'attempt ')
  return h('span', { class: 'tries', 'data-many': attemptCount > 1 }, label, String(attemptCount))
}
