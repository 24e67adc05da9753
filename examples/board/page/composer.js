import { ask } from './ask.js'
import { ButtonFields } from './button-fields.js'
import { findFault } from './checks.js'
import { find } from './element.js'
import { presets } from './presets.js'

const form = find('composer', HTMLFormElement)
const refusal = find('refusal', HTMLElement)
const list = find('buttons', HTMLElement)
const details = find('edit', HTMLDetailsElement)
/** @type {ButtonFields[]} */
let buttons = []

/** @param {string} name */
function field (name) {
  const found = form.elements.namedItem(name)
  if (found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement) return found
  throw new Error(`the form has no field ${name}`)
}

/** @param {import('../protocol.ts').ButtonToSend} button */
function addButton (button) {
  buttons.push(new ButtonFields(button, (removed) => {
    buttons = buttons.filter((each) => each !== removed)
    drawButtons()
    find('add-button', HTMLElement).focus()
  }))
  drawButtons()
}

function drawButtons () {
  buttons.forEach((each, index) => { each.number(index) })
  list.replaceChildren(...buttons.map((each) => each.element))
}

/** @param {string} name */
function fill (name) {
  const { header = '', body = '', footer = '', buttons: given = [] } = presets[name] ?? {}
  for (const [member, value] of Object.entries({ header, body, footer })) field(member).value = value
  buttons = []
  for (const button of given) addButton(button)
  forgive()
}

function readMenu () {
  const optional = Object.fromEntries(['header', 'footer'].map((name) => [name, field(name).value]).filter(([, value]) => value !== ''))
  return { chatId: toChatId(field('chatId').value), ...optional, body: field('body').value, buttons: buttons.map((each) => each.read()) }
}

// A number as people write it is the chat of whoever has it.
/** @param {string} text */
function toChatId (text) {
  return /^\+?[\d\s().-]+$/.test(text) ? `${text.replace(/\D/g, '')}@c.us` : text.trim()
}

/**
 * Shows what cannot be sent, at its field: what GREEN-API refuses names it.
 *
 * @param {string} message
 * @param {string | undefined} at
 */
function refuse (message, at = /'([^']+)'/.exec(message)?.[1]) {
  refusal.textContent = message
  refusal.hidden = false
  const named = [...form.elements].find((each) => each instanceof HTMLElement && each.dataset.field === at)
  if (!(named instanceof HTMLElement)) return
  details.open = true
  named.setAttribute('aria-invalid', 'true')
  named.setAttribute('aria-describedby', 'refusal')
  named.focus()
}

function forgive () {
  refusal.hidden = true
  for (const each of form.querySelectorAll('[aria-invalid]')) {
    each.removeAttribute('aria-invalid')
    each.removeAttribute('aria-describedby')
  }
}

/**
 * Lets messages be composed and sent.
 *
 * @param {(chatId: string) => void} onSent
 */
export function compose (onSent) {
  for (const radio of form.querySelectorAll('[name=preset]')) {
    radio.addEventListener('change', () => { if (radio instanceof HTMLInputElement) fill(radio.value) })
  }
  find('add-button', HTMLElement).addEventListener('click', () => { addButton({ type: 'reply', buttonId: '', buttonText: '' }) })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    forgive()
    const menu = readMenu()
    const fault = findFault(menu)
    if (fault !== undefined) return refuse(fault.message, fault.field)
    try {
      await ask('send', menu)
      onSent(menu.chatId)
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error))
    }
  })
  fill('order')
}

/**
 * Says to whom messages go, unless somebody is written there already.
 *
 * @param {string} chatId
 */
export function address (chatId) {
  if (field('chatId').value === '') field('chatId').value = chatId
  if (chatId === '') details.open = true
}
