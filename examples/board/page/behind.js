import { element, find } from './element.js'

const dialog = find('behind', HTMLDialogElement)
const title = find('behind-title', HTMLElement)
const content = find('behind-content', HTMLElement)

/**
 * Shows the notifications behind something: each as GREEN-API sent it, and as a listener receives it.
 *
 * @param {string} name
 * @param {readonly unknown[]} events
 */
export function reveal (name, events) {
  title.textContent = `Behind “${name}”`
  content.replaceChildren(...events.length === 0
    ? [element('p', { class: 'note' }, 'No notification has come yet: this is what the application sent.')]
    : events.flatMap(drawEvent))
  dialog.showModal()
  content.scrollTop = 0
}

/** @param {unknown} event */
function drawEvent (event) {
  const { raw, ...received } = Object(event)
  const type = [received.typeWebhook, received.typeMessage ?? received.data?.status].filter(Boolean).join(' · ')
  return [
    element('h3', {}, element('bdi', {}, type || received.name)),
    drawJson('What GREEN-API sent', raw),
    drawJson(`What a listener to “${received.name}” receives, besides raw`, received)
  ]
}

/**
 * @param {string} label
 * @param {unknown} value
 */
function drawJson (label, value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2) ?? ''
  return element('details', { open: true },
    element('summary', {}, label),
    element('pre', { tabindex: '0', role: 'region', 'aria-label': label, dir: 'ltr' }, element('code', {}, text)))
}
