import { drawButton, unknownMenu } from './buttons.js'
import { summaryOf } from './content.js'
import { element, focusables, icon } from './element.js'

/**
 * A message of the conversation.
 *
 * @typedef {object} Message
 * @property {string} idMessage
 * @property {string} chatId
 * @property {'incoming' | 'outgoing'} direction
 * @property {string} author
 * @property {import('./content.js').Content} content
 * @property {number} at when this machine was told of it, in Unix time in milliseconds
 * @property {boolean} waits whether no notification has told of it yet
 * @property {boolean} outside whether it was posted by somebody else than GREEN-API
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
  const { item, content, direction, author, waits, outside, status } = message
  const { label, detail, header, text, footer } = content
  const focused = focusables(item).findIndex((each) => each === document.activeElement)

  item.className = `message ${direction}${waits ? ' waiting' : ''}`
  item.replaceChildren(element('div', { class: 'bubble' },
    element('p', { class: 'author' }, element('bdi', {}, author)),
    quote,
    label === undefined ? undefined : element('p', { class: 'label' }, label, detail === undefined ? undefined : element('small', {}, ` · ${detail}`)),
    header === undefined || header === '' ? undefined : element('p', { class: 'header', dir: 'auto' }, header),
    text === '' ? undefined : element('p', { class: 'text', dir: 'auto' }, text),
    element('p', { class: 'foot' },
      element('span', { class: 'footer', dir: 'auto' }, footer ?? ''),
      element('span', { class: 'meta' }, drawReveal(`“${summaryOf(content)}”, ${author}, ${timeOf(message.at)}`, reveal), drawTime(message.at), direction === 'outgoing' && !(outside && status === 'pending') ? drawTicks(message) : undefined)),
    waits ? element('p', { class: 'waits' }, icon('tick-pending'), 'waits at GREEN-API') : undefined,
    ...drawButtons(message, hands)))
  // Who has pressed a button and gone on reading is not called back to it.
  if (focused !== -1) focusables(item)[focused]?.focus({ preventScroll: true })
}

/**
 * @param {Message} message
 * @param {import('./buttons.js').Hands} hands
 */
function drawButtons ({ content: { buttons = [] }, idMessage, chosen, outside }, hands) {
  if (buttons.length === 0) return []
  return [
    element('ul', { class: 'buttons', 'aria-label': 'Buttons' },
      ...buttons.map((button) => element('li', {}, drawButton(button, { idMessage, chosen: chosen === button.buttonId, outside, hands })))),
    outside ? element('p', { class: 'note' }, unknownMenu) : undefined
  ]
}

/**
 * Draws a line that is no message.
 *
 * @param {HTMLLIElement} item
 * @param {object} notice
 * @param {string} notice.title
 * @param {string} notice.text
 * @param {boolean} notice.strange whether it is what could not be recognized
 * @param {number} notice.at
 * @param {() => void} notice.reveal
 */
export function drawNotice (item, { title, text, strange, at, reveal }) {
  item.className = strange ? 'notice strange' : 'notice'
  item.replaceChildren(element('div', {},
    element('p', {}, element('b', {}, title), ' ', element('bdi', {}, text)),
    drawReveal(`“${title}”, ${timeOf(at)}`, reveal)))
}

/**
 * @param {string} of
 * @param {() => void} reveal
 */
function drawReveal (of, reveal) {
  return element('button', { type: 'button', class: 'reveal', 'aria-label': `JSON behind ${of}`, click: reveal }, element('span', { 'aria-hidden': 'true' }, '{ }'))
}

/** @param {number} at */
function drawTime (at) {
  return element('time', { datetime: new Date(at).toISOString() }, timeOf(at))
}

/** @param {number} at */
function timeOf (at) {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}
