import { drawButton } from './buttons.js'
import { element, icon } from './element.js'

/**
 * A message of the conversation.
 *
 * @typedef {object} Message
 * @property {string} idMessage
 * @property {string} chatId
 * @property {'incoming' | 'outgoing'} direction
 * @property {string} author
 * @property {import('./content.js').Content} content
 * @property {number} timestamp
 * @property {string} status of those that went: what became of them
 * @property {string | undefined} description of the status, where GREEN-API says more
 * @property {string | undefined} chosen which button was tapped last
 * @property {string} quoted the id of the message that it answers; empty where it answers none
 * @property {unknown[]} events what it was drawn of
 * @property {HTMLLIElement} item
 */

/** @type {Readonly<Record<string, string>>} */
const symbols = { pending: 'tick-pending', sent: 'tick-sent', delivered: 'tick-delivered', read: 'tick-delivered' }

/** @type {Readonly<Record<string, string>>} */
const meanings = { pending: 'on its way to GREEN-API', sent: 'sent', delivered: 'delivered', read: 'read' }

/**
 * Draws the ticks of a message.
 *
 * @param {Message} message
 */
export function drawTicks ({ status, description }) {
  const label = meanings[status] ?? [status, description].filter(Boolean).join(': ')
  const known = symbols[status]
  return element('span', { class: 'ticks', role: 'img', 'aria-label': label, title: label, 'data-status': known === undefined ? 'failed' : status },
    icon(known ?? 'tick-failed'))
}

/**
 * Draws a message into its item.
 *
 * @param {Message} message
 * @param {object} surroundings
 * @param {import('./buttons.js').Hands} surroundings.hands
 * @param {Node | undefined} surroundings.quote
 * @param {() => void} surroundings.reveal shows the JSON behind it
 */
export function drawBubble (message, { hands, quote, reveal }) {
  const { item, content, direction, author, idMessage, chosen } = message
  const { label, header, text, footer, buttons = [] } = content
  const focused = focusables(item).findIndex((each) => each === document.activeElement)

  item.className = `message ${direction}`
  item.replaceChildren(element('div', { class: 'bubble' },
    element('p', { class: 'author' }, element('bdi', {}, author)),
    quote,
    label === undefined ? undefined : element('p', { class: 'label' }, label),
    header === undefined || header === '' ? undefined : element('p', { class: 'header', dir: 'auto' }, header),
    text === '' ? undefined : element('p', { class: 'text', dir: 'auto' }, text),
    element('p', { class: 'foot' },
      element('span', { class: 'footer', dir: 'auto' }, footer ?? ''),
      element('span', { class: 'meta' }, drawReveal(author, reveal), drawTime(message.timestamp), direction === 'outgoing' ? drawTicks(message) : undefined)),
    buttons.length === 0
      ? undefined
      : element('ul', { class: 'buttons', 'aria-label': 'Buttons' },
        ...buttons.map((button) => element('li', {}, drawButton(button, { idMessage, chosen: chosen === button.buttonId, hands }))))
  ))
  if (focused !== -1) focusables(item)[focused]?.focus()
}

/**
 * Draws a line that is no message.
 *
 * @param {HTMLLIElement} item
 * @param {object} notice
 * @param {string} notice.title
 * @param {string} notice.text
 * @param {boolean} notice.strange whether it is what could not be recognized
 * @param {() => void} notice.reveal
 */
export function drawNotice (item, { title, text, strange, reveal }) {
  item.className = strange ? 'notice strange' : 'notice'
  item.replaceChildren(element('div', {},
    element('p', {}, element('b', {}, title), ' ', element('bdi', {}, text)),
    drawReveal(title, reveal)))
}

/**
 * @param {string} of
 * @param {() => void} reveal
 */
function drawReveal (of, reveal) {
  return element('button', { type: 'button', class: 'reveal', 'aria-label': `JSON behind this message (${of})`, click: reveal }, '{ }')
}

/** @param {number} timestamp */
function drawTime (timestamp) {
  const date = new Date(timestamp * 1000)
  return element('time', { datetime: date.toISOString() }, date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }))
}

/**
 * @param {HTMLElement} item
 * @returns {HTMLElement[]}
 */
function focusables (item) {
  return [...item.querySelectorAll('a, button')].filter((each) => each instanceof HTMLElement)
}
