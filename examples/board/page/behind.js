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
    ? [element('p', { class: 'note' }, 'No notification of this has come yet.')]
    : events.flatMap(drawEvent))
  dialog.showModal()
  content.scrollTop = 0
}

/**
 * @param {unknown} event
 * @param {number} index
 * @param {readonly unknown[]} events
 */
function drawEvent (event, index, events) {
  const { raw, ...received } = Object(event)
  const type = [received.typeWebhook, received.typeMessage ?? received.data?.status].filter(Boolean).join(' · ')
  // Regions that are called alike nobody can tell apart who moves from one to the next.
  const place = events.length === 1 ? '' : `, ${index + 1} of ${events.length}`
  return [
    element('h3', {}, element('bdi', {}, type || received.name)),
    drawJson('What GREEN-API sent', place, raw),
    drawJson(`What a listener to “${received.name}” receives, besides raw`, place, received)
  ]
}

/**
 * @param {string} label
 * @param {string} place
 * @param {unknown} value
 */
function drawJson (label, place, value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2) ?? ''
  return element('details', { open: true },
    element('summary', {}, label),
    element('pre', { tabindex: '0', role: 'region', 'aria-label': label + place, dir: 'ltr' }, element('code', {}, text)))
}
