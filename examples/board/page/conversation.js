import { announce } from './announce.js'
import { drawBubble, drawNotice, drawTicks } from './bubble.js'
import { contentOf, contentOfSent, summaryOf } from './content.js'
import { element } from './element.js'
import { MessageList } from './message-list.js'
import { chatOf, noticeOf } from './notices.js'

/**
 * @typedef {import('fastify-green-api').Event} Event
 * @typedef {Extract<Event, { direction: string }>} MessageEvent
 * @typedef {import('fastify-green-api').Unrecognized} Unrecognized
 * @typedef {import('./bubble.js').Message} Message
 * @typedef {Extract<import('../protocol.ts').Entry, { kind: 'event' }>} Told
 */

/** How far a message has come; whatever else becomes of one is its end. */
const course = ['pending', 'sent', 'delivered', 'read']

/** In milliseconds: what waits no longer than that is not worth a word. */
const patience = 500

/** The messages, put together of what the server tells. */
export class Conversation {
  /** @type {Map<string, Message>} */
  #messages = new Map()
  /** What became of messages that have not come yet. @type {Map<string, Event[]>} */
  #early = new Map()
  #list
  #chats
  #hands
  #reveal

  /**
   * @param {object} surroundings
   * @param {import('./chats.js').Chats} surroundings.chats
   * @param {import('./buttons.js').Hands} surroundings.hands
   * @param {(title: string, events: readonly unknown[]) => void} surroundings.reveal shows the JSON of events
   */
  constructor ({ chats, hands, reveal }) {
    this.#list = new MessageList(chats)
    this.#chats = chats
    this.#hands = hands
    this.#reveal = reveal
  }

  /** Begins anew. */
  clear () {
    this.#messages.clear()
    this.#early.clear()
    this.#list.clear()
  }

  /**
   * Whether what comes is new to whoever reads, and worth to be said.
   *
   * @param {boolean} live
   */
  announceNews (live) {
    this.#list.live = live
  }

  /** Goes to the end, to see what comes of what one does. */
  follow () {
    this.#list.follow()
  }

  /** @param {import('../protocol.ts').Entry} entry */
  add (entry) {
    if (entry.kind === 'sent') this.#addSent(entry)
    else this.#addEvent(entry)
  }

  /**
   * Shows what the customer did before a notification tells of it.
   *
   * @param {Pick<Message, 'idMessage' | 'chatId' | 'content' | 'quoted'>} message
   */
  expect (message) {
    if (this.#messages.has(message.idMessage)) return
    const made = this.#put({ ...message, at: Date.now(), direction: 'incoming', author: this.#chats.nameOf(message.chatId), status: '', waits: true, outside: false, events: [] })
    setTimeout(() => { if (made.waits) announce(`${summaryOf(made.content)}: waits at GREEN-API`) }, patience)
  }

  /** @param {Extract<import('../protocol.ts').Entry, { kind: 'sent' }>} sent */
  #addSent (sent) {
    if (this.#messages.has(sent.idMessage)) return
    const { idMessage, chatId, at } = sent
    this.#put({ idMessage, chatId, at, direction: 'outgoing', author: 'Shop', content: contentOfSent(sent), status: 'pending', quoted: '', waits: false, outside: false, events: [] })
  }

  /** @param {Told} told */
  #addEvent (told) {
    const { event } = told
    if (event.name === 'outgoingMessageStatus') this.#follow(event)
    else if (event.name !== 'unrecognized' && 'direction' in event && event.direction !== undefined) this.#addMessage(event, told)
    else this.#note(event, told.at)
  }

  /**
   * @param {MessageEvent} event
   * @param {Told} told
   */
  #addMessage (event, { at, outside }) {
    const { idMessage, chatId, chatName, direction, senderName, quotedMessage } = event
    const known = this.#messages.get(idMessage)
    const quoted = event.name === 'buttonReply' ? event.data.stanzaId : quotedMessage?.stanzaId ?? ''
    const author = direction === 'outgoing' ? 'Shop' : senderName || chatId
    this.#chats.note(chatId, direction === 'incoming' ? chatName || senderName : '')
    this.#put({
      idMessage,
      chatId,
      at: known === undefined || known.waits ? at : known.at,
      direction,
      author,
      content: contentOf(event),
      quoted,
      status: known?.status || 'pending',
      waits: false,
      outside,
      events: [...known?.events ?? [], event]
    })
    for (const status of this.#early.get(idMessage) ?? []) if (status.name === 'outgoingMessageStatus') this.#follow(status)
    this.#early.delete(idMessage)
    const menu = this.#messages.get(quoted)
    if (event.name !== 'buttonReply' || menu === undefined) return
    menu.chosen = event.data.buttonId
    this.#draw(menu)
  }

  /** @param {Extract<Event, { name: 'outgoingMessageStatus' }>} event */
  #follow (event) {
    const { idMessage, data: { status, description } } = event
    const message = this.#messages.get(idMessage)
    if (message === undefined) {
      this.#early.set(idMessage, [...this.#early.get(idMessage) ?? [], event])
      return
    }
    message.events.push(event)
    // They may overtake one another.
    if (course.includes(status) && course.indexOf(status) <= course.indexOf(message.status)) return
    Object.assign(message, { status, description })
    const ticks = message.item.querySelector('.ticks')
    if (ticks === null) this.#draw(message)
    else ticks.replaceWith(drawTicks(message))
    if (this.#list.live && status !== 'sent' && status !== 'delivered') announce(`${summaryOf(message.content)}: ${status}`)
  }

  /**
   * @param {Omit<Message, 'item' | 'chosen' | 'description'>} made
   * @returns {Message}
   */
  #put (made) {
    const known = this.#messages.get(made.idMessage)
    const isNews = !made.waits && (known === undefined || known.waits)
    const message = known === undefined ? { ...made, chosen: undefined, description: undefined, item: element('li', { tabindex: '-1' }) } : Object.assign(known, made)
    this.#messages.set(message.idMessage, message)
    this.#draw(message)
    if (known === undefined) this.#list.append(message.item, message.chatId)
    const place = message.chatId === this.#chats.current ? '' : ', in another chat'
    if (this.#list.live && isNews) announce(`${message.author}${place}: ${summaryOf(message.content)}`)
    return message
  }

  /**
   * @param {Event | Unrecognized} event
   * @param {number} at
   */
  #note (event, at) {
    const item = element('li', { tabindex: '-1' })
    const notice = noticeOf(event)
    const chatId = chatOf(event)
    this.#chats.note(chatId, '')
    drawNotice(item, { ...notice, at, reveal: () => { this.#reveal(notice.title, [event]) } })
    this.#list.append(item, chatId)
    if (this.#list.live) announce(`${notice.title} ${notice.text}`)
  }

  /** @param {Message} message */
  #draw (message) {
    drawBubble(message, {
      hands: this.#hands,
      quote: this.#drawQuote(message),
      reveal: () => { this.#reveal(summaryOf(message.content), message.events) }
    })
    this.#list.redrawn(message.item)
  }

  /** @param {Message} message */
  #drawQuote ({ quoted }) {
    if (quoted === '') return undefined
    const original = this.#messages.get(quoted)
    if (original === undefined) return element('p', { class: 'quote' }, 'A message that is not shown here')
    return element('button', { type: 'button', class: 'quote', click: () => { original.item.focus() } },
      element('span', { class: 'visually-hidden' }, 'In answer to '),
      element('b', {}, element('bdi', {}, original.author)),
      element('span', { dir: 'auto' }, summaryOf(original.content)))
  }
}
