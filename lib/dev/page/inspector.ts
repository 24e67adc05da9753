import { writeHandler } from '../handler-code.ts'
import type { Attempt, NotificationRecord } from '../protocol.ts'
import { ask } from './ask.ts'
import { copyButton, find, formatDuration, formatSeconds, h, icon } from './dom.ts'
import { drawCode, drawJson } from './json-view.ts'
import { drawStatus, nameOf } from './status.ts'

const tabNames = ['event', 'json', 'response', 'code'] as const
type Tab = typeof tabNames[number]

interface Options {
  record (id: number): NotificationRecord | undefined
  /** Called when another record is selected, or none. */
  selected (id: number | undefined): void
}

/** Shows the selected notification: the event, GREEN-API's JSON, the server's answers and the code of a listener. */
export class Inspector {
  readonly #pane = find('pane-inspector', HTMLElement)
  readonly #title = find('inspector-title', HTMLElement)
  readonly #status = find('inspector-status', HTMLElement)
  readonly #body = find('inspector-body', HTMLElement)
  readonly #empty = find('no-selection', HTMLElement)
  readonly #related = find('related', HTMLElement)
  readonly #panel = find('panel', HTMLElement)
  readonly #actions = find('panel-actions', HTMLElement)
  readonly #options: Options
  #ids: readonly number[] = []
  #selected: number | undefined
  #tab: Tab = 'event'

  constructor (options: Options) {
    this.#options = options
    for (const name of tabNames) {
      const tab = find(`tab-${name}`, HTMLButtonElement)
      tab.addEventListener('click', () => { this.showTab(name) })
      tab.addEventListener('keydown', (event) => { this.#moveTab(event) })
    }
    this.#drawTabs()
  }

  get selected (): number | undefined {
    return this.#selected
  }

  /** Whether a record can be chosen. */
  includes (id: number): boolean {
    return this.#ids.includes(id)
  }

  /** Adds related records to the choice. */
  setRelated (ids: readonly number[]): void {
    this.#ids = ids
    this.#drawRelated()
  }

  /** Shows a record, and a choice of related records, such as the statuses of a message. */
  show (ids: readonly number[], selected = ids[0]): void {
    this.#ids = ids
    this.#selected = selected
    this.#draw()
    this.#options.selected(selected)
  }

  clear (): void {
    this.show([], undefined)
  }

  /** Draws again what changed. */
  update (id: number): void {
    if (!this.#ids.includes(id)) return
    this.#drawRelated()
    if (id === this.#selected) this.#drawRecord(this.#tab === 'response')
  }

  /** Moves the keyboard to the inspector. */
  focus (): void {
    if (this.#selected === undefined) this.#pane.focus()
    else find(`tab-${this.#tab}`, HTMLButtonElement).focus()
  }

  showTab (tab: Tab): void {
    this.#tab = tab
    this.#drawTabs()
    this.#drawRecord(true)
  }

  #draw (): void {
    const isEmpty = this.#selected === undefined
    this.#body.hidden = isEmpty
    this.#empty.hidden = !isEmpty
    this.#drawRelated()
    this.#drawRecord(true)
  }

  #drawRecord (drawPanel: boolean): void {
    const record = this.#selected === undefined ? undefined : this.#options.record(this.#selected)
    this.#title.textContent = record === undefined ? 'Inspector' : nameOf(record)
    this.#status.replaceChildren(...record === undefined ? [] : [drawStatus(record)])
    if (record === undefined || !drawPanel) return
    this.#panel.setAttribute('aria-labelledby', `tab-${this.#tab}`)
    const { content, copy } = this.#drawTab(record)
    this.#panel.replaceChildren(...content)
    this.#panel.scrollTop = 0
    this.#actions.replaceChildren(...copy === undefined ? [] : [copyButton(`Copy ${this.#tab}`, () => copy)])
  }

  #drawTab (record: NotificationRecord): { content: Node[], copy?: string } {
    switch (this.#tab) {
      case 'event': {
        const names = h('p', { class: 'facts' }, 'Emitted as ', ...joinCode(record.names))
        // What distinguishes the event comes first.
        const { name, data, ...others } = record.event
        const event = { name, ...data !== undefined && { data }, ...others }
        return { content: [names, drawJson(event)], copy: JSON.stringify(event, null, 2) }
      }
      case 'json': {
        const value = parse(record.text)
        if (value === undefined) {
          const content = [h('p', { class: 'facts' }, 'Not valid JSON'), h('pre', { class: 'code' }, record.text)]
          return { content, copy: record.text }
        }
        return { content: [drawJson(value)], copy: JSON.stringify(value, null, 2) }
      }
      case 'response': return { content: drawAttempts(record) }
      case 'code': {
        const code = writeHandler(record.event)
        const note = h('p', { class: 'facts' }, 'This listener receives the event.')
        return { content: [note, drawCode(code)], copy: code }
      }
    }
  }

  #drawTabs (): void {
    for (const name of tabNames) {
      const tab = find(`tab-${name}`, HTMLButtonElement)
      tab.setAttribute('aria-selected', String(name === this.#tab))
      tab.tabIndex = name === this.#tab ? 0 : -1
    }
  }

  #moveTab (event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const index = (tabNames.indexOf(this.#tab) + step + tabNames.length) % tabNames.length
    this.showTab(tabNames[index] ?? 'event')
    this.focus()
  }

  #drawRelated (): void {
    const records = this.#ids.map((id) => this.#options.record(id)).filter((each) => each !== undefined)
    this.#related.hidden = records.length < 2
    const hadFocus = this.#related.contains(document.activeElement)
    this.#related.replaceChildren(...records.map((record) => h('button', {
      type: 'button',
      class: 'pill',
      'aria-pressed': String(record.id === this.#selected),
      click: () => { this.show(this.#ids, record.id) }
    }, pillName(record))))
    if (hadFocus) this.#related.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus()
  }
}

function pillName ({ event, fault }: NotificationRecord): string {
  const { status } = Object(event.data)
  const name = event.name === 'outgoingMessageStatus' ? String(status) : String(event.name)
  return fault === 'none' ? name : `${name} (${fault})`
}

function drawAttempts (record: NotificationRecord): Node[] {
  const { attempts, attemptCount, state } = record
  if (attempts.length === 0) {
    return [h('p', { class: 'facts' }, 'Not sent yet. Earlier notifications wait for an answer.')]
  }
  const hidden = attemptCount - attempts.length
  const retry = h('button', { type: 'button', class: 'button small' }, icon('refresh'), 'Retry now')
  retry.addEventListener('click', () => { ask('retry').catch(() => {}) })
  return [
    ...state === 'waiting' ? [h('div', { class: 'facts' }, retry)] : [],
    ...attempts.map((attempt, index) => drawAttempt(attempt, attemptCount - index)),
    ...hidden > 0 ? [h('p', { class: 'facts' }, `${hidden} earlier ${hidden === 1 ? 'attempt' : 'attempts'}`)] : []
  ]
}

function drawAttempt ({ at, status, error, answer, durationMs }: Attempt, number: number): HTMLElement {
  const value = parse(answer)
  const body = answer === ''
    ? undefined
    : typeof value === 'object' ? drawJson(value) : h('pre', { class: 'code' }, answer)
  return h('section', { class: 'attempt', 'aria-label': `Attempt ${number}` },
    h('p', { class: 'attempt-head' },
      h('span', { class: 'status', 'data-state': status === 200 ? 'ok' : 'failed' }, String(status ?? 'No answer')),
      h('b', {}, `Attempt ${number}`),
      h('span', {}, formatSeconds(at)),
      h('span', {}, formatDuration(durationMs))),
    error === undefined ? undefined : h('p', { class: 'attempt-error' }, error),
    body ?? (error === undefined ? h('p', { class: 'facts' }, 'Empty body') : undefined))
}

function joinCode (names: readonly string[]): Array<Node | string> {
  return names.flatMap((name, index) => [...index === 0 ? [] : [', '], h('code', {}, name)])
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
