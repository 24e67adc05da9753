import { find, h, recall, remember } from './dom.ts'

interface Key {
  readonly key: string
  readonly label: string
  run (): void
}

/** Where a key is text. */
const fields = 'input:not([type=radio], [type=checkbox]), textarea, select'

/** Adds the shortcuts, and their overlay. They can be turned off, for users of speech input. */
export function addKeys (keys: readonly Key[]): void {
  const dialog = find('keys', HTMLDialogElement)
  const shortcuts = find('shortcuts', HTMLInputElement)
  const open = () => { dialog.showModal() }
  shortcuts.checked = recall('shortcuts') !== 'off'
  shortcuts.addEventListener('change', () => { remember('shortcuts', shortcuts.checked ? 'on' : 'off') })
  find('show-keys', HTMLButtonElement).addEventListener('click', open)

  const all: readonly Key[] = [...keys, { key: '?', label: 'This overview', run: open }]
  const others: ReadonlyArray<readonly [string, string]> = [
    ['↑ ↓', 'Previous or next message or line'],
    ['Enter', 'Open in the inspector'],
    ['← →', 'Other tab of the inspector']
  ]
  find('key-list', HTMLElement).append(
    ...[...all.map(({ key, label }) => [key, label] as const), ...others].map(([key, label]) => {
      return h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, label))
    }))

  document.addEventListener('keydown', (event) => {
    const { key, target, altKey, ctrlKey, metaKey } = event
    if (!shortcuts.checked || altKey || ctrlKey || metaKey || document.querySelector('dialog[open]') !== null) return
    if (target instanceof Element && target.matches(fields)) return
    const pressed = all.find((each) => each.key === key)
    if (pressed === undefined) return
    event.preventDefault()
    pressed.run()
  })
  // Escape leaves a field, so that the shortcuts work again.
  document.addEventListener('keydown', ({ key, target }) => {
    if (key === 'Escape' && target instanceof HTMLElement && target.matches('input, textarea')) target.blur()
  })
}
