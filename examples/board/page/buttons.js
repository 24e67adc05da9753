import { announce } from './announce.js'
import { element, icon } from './element.js'

/**
 * What the buttons of a message need.
 *
 * @typedef {object} Hands
 * @property {(idMessage: string, button: import('fastify-green-api').Button) => void} tap taps a reply button, as the customer
 * @property {boolean} customer whether the page is the customer
 */

/** Why a menu cannot be tapped that somebody else has posted. */
export const unknownMenu = 'Posted from outside: the emulator does not know this menu.'

/**
 * Draws a button under a message, as usable as on a phone.
 *
 * @param {import('fastify-green-api').Button} button
 * @param {object} of
 * @param {string} of.idMessage
 * @param {boolean} of.chosen whether this was the answer
 * @param {boolean} of.outside whether its menu was posted by somebody else than GREEN-API
 * @param {Hands} of.hands
 */
export function drawButton (button, { idMessage, chosen, outside, hands }) {
  const face = [icon(`icon-${button.type}`), element('bdi', {}, button.buttonText), chosen ? element('span', { class: 'chosen' }, 'chosen') : undefined]
  switch (button.type) {
    case 'copy':
      return element('button', { type: 'button', click: ({ currentTarget }) => { copy(button.copyCode, currentTarget) } }, ...face)
    case 'call':
      return element('a', { href: `tel:${button.phoneNumber.replace(/[^\d+*#]/g, '')}` }, ...face)
    case 'url':
      // A customer's client may be told any scheme; this one opens the web alone.
      return isWeb(button.url)
        ? element('a', { href: button.url, target: '_blank', rel: 'noopener noreferrer' }, ...face, element('span', { class: 'visually-hidden' }, ' (opens a new window)'))
        : element('span', { class: 'dead', title: 'This is no address of the web, so it is not opened.' }, ...face)
    case 'reply':
      if (outside) return element('button', { type: 'button', disabled: true, title: unknownMenu }, ...face)
      return hands.customer
        ? element('button', { type: 'button', click: () => { hands.tap(idMessage, button) } }, ...face)
        : element('button', { type: 'button', 'aria-disabled': 'true', 'aria-describedby': 'only-phone' }, ...face)
    case 'unknown':
      return element('span', { class: 'dead', title: 'A button of a kind that is not known yet.' }, ...face)
  }
}

/** @param {string} url */
function isWeb (url) {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

/**
 * @param {string} code
 * @param {EventTarget | null} button
 */
async function copy (code, button) {
  const said = await navigator.clipboard.writeText(code).then(() => `Copied ${code}`, () => `Copy it by hand: ${code}`)
  announce(said)
  if (!(button instanceof HTMLElement)) return
  button.querySelector('.said')?.remove()
  const note = element('span', { class: 'said' }, said)
  button.append(note)
  setTimeout(() => { note.remove() }, 10_000)
}
