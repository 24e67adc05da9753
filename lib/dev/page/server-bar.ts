import type { Faults } from '../../emulator/index.ts'
import type { Hello, State } from '../protocol.ts'
import { ask, messageOf } from './ask.ts'
import { announce, find, h, icon } from './dom.ts'

type Status = State['target'] | 'lost'

const labels: Readonly<Record<Status, string>> = {
  connecting: 'Connecting', up: 'Receiving', down: 'Not reachable', stopped: 'Stopped', lost: 'Disconnected'
}

const faultLabels: ReadonlyArray<readonly [name: keyof Faults, label: string]> = [
  ['duplicates', 'Duplicates'],
  ['changedDuplicates', 'Changed duplicates'],
  ['malformed', 'Malformed copies'],
  ['unknownTypes', 'Unknown types'],
  ['reorderedStatuses', 'Late statuses']
]

const rates: ReadonlyArray<readonly [rate: string, label: string]> = [
  ['0', 'Never'], ['0.1', '10 %'], ['0.5', '50 %'], ['1', 'Always']
]

interface Banner {
  readonly kind: 'info' | 'warning' | 'error'
  readonly text: string
}

/** The developer's server: its status, and what the emulator can do to it. */
export class ServerBar {
  readonly #target = find('target', HTMLElement)
  readonly #status = find('target-status', HTMLElement)
  readonly #toggle = find('toggle-server', HTMLButtonElement)
  readonly #banners = find('banners', HTMLElement)
  readonly #selects = new Map<keyof Faults, HTMLSelectElement>()
  #hello: Hello | undefined
  #state: State | undefined
  #isLost = false
  #isRestarted = false
  #error = ''

  constructor () {
    this.#toggle.addEventListener('click', () => { this.toggle() })
    for (const radio of find('speed', HTMLFieldSetElement).querySelectorAll('input')) {
      radio.addEventListener('change', () => { this.#ask('settings', { speed: Number(radio.value) }) })
    }
    const fields = find('fault-fields', HTMLElement)
    for (const [name, label] of faultLabels) {
      const select = h('select', {}, ...rates.map(([value, text]) => h('option', { value }, text)))
      select.addEventListener('input', () => { this.#ask('settings', { faults: this.#readFaults() }) })
      this.#selects.set(name, select)
      fields.append(h('label', { class: 'row' }, h('span', {}, label), select))
    }
    const popover = find('faults', HTMLDetailsElement)
    popover.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape' || !popover.open) return
      popover.open = false
      popover.querySelector('summary')?.focus()
    })
    document.addEventListener('click', ({ target }) => {
      if (target instanceof Node && !popover.contains(target)) popover.open = false
    })
  }

  /** @param isRestarted whether the emulator was restarted, and the page begins anew */
  setHello (hello: Hello, isRestarted: boolean): void {
    this.#hello = hello
    this.#isRestarted = isRestarted
    this.#error = ''
    const url = find('target-url', HTMLElement)
    url.textContent = hello.isExample ? 'Example shop' : hello.target.replace(/^https?:\/\//, '')
    url.title = hello.target
    this.#draw()
  }

  setState (state: State): void {
    if (state.target !== this.#state?.target) announce(`Server: ${labels[state.target]}`)
    this.#state = state
    this.#draw()
  }

  setLost (isLost: boolean): void {
    if (isLost !== this.#isLost) announce(isLost ? 'The connection to the emulator is lost' : 'Connected')
    this.#isLost = isLost
    this.#draw()
  }

  /** Stops or starts the server. */
  toggle (): void {
    if (this.#state !== undefined) this.#ask('server', { up: this.#state.target === 'stopped' })
  }

  async #ask (path: string, body: object): Promise<void> {
    this.#error = await ask(path, body).then(() => '', messageOf)
    this.#draw()
  }

  #draw (): void {
    const { target = 'connecting', waiting = 0, speed = 1, faults = {} } = this.#state ?? {}
    const status: Status = this.#isLost ? 'lost' : target
    this.#target.dataset.status = status
    if (this.#status.textContent !== labels[status]) this.#status.textContent = labels[status]
    const isStopped = target === 'stopped'
    const action = isStopped ? 'Start server' : 'Stop server'
    if (this.#toggle.textContent !== action) {
      this.#toggle.replaceChildren(icon(isStopped ? 'play' : 'stop'), h('span', {}, action))
    }
    this.#toggle.disabled = this.#isLost
    find('waiting', HTMLElement).textContent = waiting === 0 ? '' : `${waiting} waiting`
    for (const radio of find('speed', HTMLFieldSetElement).querySelectorAll('input')) {
      radio.checked = radio.value === String(speed)
    }
    for (const [name, select] of this.#selects) {
      const rate = String(faults[name] ?? 0)
      if (select.value !== rate && document.activeElement !== select) select.value = rate
    }
    const count = Object.values(faults).filter((rate) => Number(rate) > 0).length
    const badge = find('fault-count', HTMLElement)
    badge.hidden = count === 0
    badge.textContent = String(count)
    this.#drawBanners(status, waiting)
  }

  #drawBanners (status: Status, waiting: number): void {
    const banners = this.#listBanners(status, waiting === 0 ? '' : ` ${waiting} waiting.`)
    const key = JSON.stringify(banners)
    // Drawing the same text again would make a screen reader repeat it.
    if (this.#banners.dataset.key === key) return
    this.#banners.dataset.key = key
    this.#banners.replaceChildren(...banners.map(({ kind, text }) => {
      const dismiss = h('button', { type: 'button', class: 'link', click: () => { this.dismiss() } }, 'Dismiss')
      return h('p', { class: 'banner', 'data-kind': kind }, text, kind === 'info' ? dismiss : undefined)
    }))
  }

  #listBanners (status: Status, queue: string): Banner[] {
    const banners: Banner[] = []
    const add = (isShown: boolean, kind: Banner['kind'], text: string) => { if (isShown) banners.push({ kind, text }) }
    const { mode, target, api } = this.#hello ?? {}
    const { problem = '' } = this.#state ?? {}
    add(mode === 'account', 'warning', `Real account ${api?.idInstance}: messages reach real phones.`)
    add(status === 'lost', 'error', 'The connection to the emulator is lost. Reconnecting.')
    add(status !== 'lost' && this.#isRestarted, 'info', 'The emulator was restarted. Its conversation starts anew.')
    add(status === 'down', 'warning', `Your server is not reachable at ${target}. Retrying every second.${queue}`)
    add(status === 'stopped', 'warning', `The server is stopped: each notification is answered 503.${queue}`)
    add(problem !== '', 'error', problem)
    add(this.#error !== '', 'error', this.#error)
    return banners
  }

  /** Hides the note about a restart. */
  dismiss (): void {
    this.#isRestarted = false
    this.#draw()
  }

  #readFaults (): Faults {
    const entries = [...this.#selects].map(([name, { value }]) => [name, Number(value)] as const)
    return Object.fromEntries(entries.filter(([, rate]) => rate > 0))
  }
}
