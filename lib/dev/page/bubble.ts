import type { Button } from '../../schemas/buttons.ts'
import { isPhoneNumber, isWebUrl, toDigits } from '../menu-rules.ts'
import { contentOf, summarize, type Content, type MessageEvent } from './content.ts'
import { announce, focusables, formatTime, h, icon } from './dom.ts'

/** A message of the conversation, put together from its notifications. */
export interface Message {
  readonly idMessage: string
  readonly chatId: string
  readonly at: number
  event: MessageEvent
  /** The ids of the records of its notifications, statuses included. */
  readonly records: Set<number>
  /** Whether the developer's server has not answered it with 200 yet. */
  isWaiting: boolean
  status: string
  statusDetail: string
  /** The `buttonId` of the latest tap. */
  chosen: string | undefined
  /** The latest reaction of each person. */
  readonly reactions: Map<string, string>
  readonly item: HTMLLIElement
}

/** What a bubble needs from the page. */
export interface BubbleContext {
  readonly canTap: boolean
  readonly isGroup: boolean
  tap (idMessage: string, button: Button): void
  inspect (message: Message): void
  find (idMessage: string): Message | undefined
}

const ticks: Readonly<Record<string, readonly [icon: string, label: string]>> = {
  pending: ['clock', 'Pending'], sent: ['check', 'Sent'], delivered: ['checks', 'Delivered'], read: ['checks', 'Read']
}

export function drawBubble (message: Message, context: BubbleContext): void {
  const { item, event, isWaiting, reactions } = message
  const { direction } = event
  const content = contentOf(event)
  const focused = focusables(item).findIndex((each) => each === document.activeElement)
  item.className = `message ${direction}${isWaiting ? ' waiting' : ''}`
  item.dataset.id = message.idMessage
  const author = context.isGroup && direction === 'incoming' ? event.senderName || event.sender : undefined
  item.replaceChildren(h('div', { class: 'bubble' },
    author === undefined ? undefined : h('p', { class: 'author' }, h('bdi', {}, author)),
    drawQuote(event, context),
    ...drawContent(content),
    h('p', { class: 'meta' },
      content.footer === undefined ? undefined : h('span', { class: 'footer', dir: 'auto' }, content.footer),
      h('button', {
        type: 'button',
        class: 'inspect',
        'aria-label': `Inspect “${summarize(content)}”, ${formatTime(message.at)}`,
        click: () => { context.inspect(message) }
      },
      h('time', { datetime: new Date(message.at).toISOString() }, formatTime(message.at)),
      direction === 'outgoing' ? drawTicks(message) : undefined)),
    isWaiting ? h('p', { class: 'waits' }, icon('clock'), 'Waiting for your server') : undefined,
    drawButtons(content.buttons, message, context),
    reactions.size === 0 ? undefined : h('p', { class: 'reactions' }, [...reactions.values()].join(' '))))
  if (focused !== -1) focusables(item)[focused]?.focus({ preventScroll: true })
}

/** Draws the texts of a message, also for the preview of a menu. */
export function drawContent ({ label, icon: symbol, header, text }: Content): Array<HTMLElement | undefined> {
  return [
    label === undefined ? undefined : h('p', { class: 'kind' }, icon(symbol ?? 'file'), label),
    header === undefined || header === '' ? undefined : h('p', { class: 'header', dir: 'auto' }, header),
    text === '' ? undefined : h('p', { class: 'text', dir: 'auto' }, text)
  ]
}

function drawTicks ({ status, statusDetail }: Message): HTMLElement {
  const [symbol, name] = ticks[status] ?? ['alert', status]
  const label = statusDetail === '' ? name : `${name}: ${statusDetail}`
  const kind = ticks[status] === undefined ? 'failed' : status
  const attributes = { class: 'ticks', role: 'img', title: label, 'aria-label': label, 'data-status': kind }
  return h('span', attributes, icon(symbol))
}

function drawQuote (event: MessageEvent, { find }: BubbleContext): HTMLElement | undefined {
  const stanzaId = event.name === 'buttonReply' ? event.data.stanzaId : event.quotedMessage?.stanzaId ?? ''
  if (stanzaId === '') return undefined
  const original = find(stanzaId)
  if (original === undefined) return h('p', { class: 'quote' }, h('span', {}, 'A message that is not shown'))
  const author = original.event.direction === 'outgoing' ? 'Shop' : original.event.senderName
  const show = () => {
    original.item.scrollIntoView({ block: 'center' })
    original.item.focus({ preventScroll: true })
  }
  return h('button', { type: 'button', class: 'quote', click: show },
    h('span', { class: 'visually-hidden' }, 'Reply to '),
    h('b', {}, h('bdi', {}, author)), h('span', { dir: 'auto' }, summarize(contentOf(original.event))))
}

function drawButtons (
  buttons: readonly Button[] | undefined, message: Message, context: BubbleContext
): HTMLElement | undefined {
  if (buttons === undefined || buttons.length === 0) return undefined
  return h('ul', { class: 'buttons', 'aria-label': 'Buttons' }, ...buttons.map((button) => {
    const isChosen = message.chosen === button.buttonId && button.type === 'reply'
    const tap = context.canTap && message.event.direction === 'outgoing'
      ? () => { context.tap(message.idMessage, button) }
      : undefined
    return h('li', {}, drawButton(button, { isChosen, tap }))
  }))
}

interface ButtonUse {
  readonly isChosen?: boolean
  readonly tap?: (() => void) | undefined
}

/** Draws a button of a menu, as usable as on a phone. Without `tap`, a reply button does nothing. */
export function drawButton (button: Button, { isChosen = false, tap }: ButtonUse = {}): HTMLElement {
  const face = [
    icon(button.type === 'unknown' ? 'alert' : button.type),
    h('bdi', {}, button.buttonText),
    isChosen ? h('span', { class: 'chosen' }, 'tapped') : undefined
  ]
  switch (button.type) {
    case 'reply':
      return h('button', { type: 'button', ...tap === undefined ? { disabled: true } : { click: tap } }, ...face)
    case 'copy':
      return h('button', {
        type: 'button',
        click: ({ currentTarget }) => { copyCode(button.copyCode, currentTarget) }
      }, ...face)
    case 'call':
      return isPhoneNumber(button.phoneNumber)
        ? h('a', { href: `tel:+${toDigits(button.phoneNumber)}` }, ...face)
        : h('span', { class: 'dead', title: 'Not a phone number' }, ...face)
    case 'url':
      // A client of WhatsApp may open any scheme. This page opens only web pages.
      return isWebUrl(button.url)
        ? h('a', { href: button.url, target: '_blank', rel: 'noopener noreferrer' },
          ...face, h('span', { class: 'visually-hidden' }, ' (opens a new window)'))
        : h('span', { class: 'dead', title: 'Not a web address' }, ...face)
    case 'unknown':
      return h('span', { class: 'dead', title: 'A button of an unknown type' }, ...face)
  }
}

async function copyCode (code: string, button: EventTarget | null): Promise<void> {
  const text = await navigator.clipboard.writeText(code).then(() => `Copied ${code}`, () => `Copy it by hand: ${code}`)
  announce(text)
  if (!(button instanceof HTMLElement)) return
  button.querySelector('.chosen')?.remove()
  const note = h('span', { class: 'chosen' }, text)
  button.append(note)
  setTimeout(() => { note.remove() }, 5000)
}
