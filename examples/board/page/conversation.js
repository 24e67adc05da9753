import { announce } from './announce.js'
import { drawBubble, drawNotice, drawTicks } from './bubble.js'
import { contentOf, contentOfSent, summaryOf } from './content.js'
import { element, find } from './element.js'

/**
 * @typedef {import('fastify-green-api').Event} Event
 * @typedef {Extract<Event, { direction: string }>} MessageEvent
 * @typedef {import('fastify-green-api').Unrecognized} Unrecognized
 * @typedef {import('./bubble.js').Message} Message
 */

/** How far a message has come; whatever else becomes of one is its end. */
const course = ['pending', 'sent', 'delivered', 'read']

/** The messages, put together of what the server tells. */
export class Conversation {
  #list = find('conversation', HTMLOListElement)
  #scroller = find('scroller', HTMLElement)
  #empty = find('empty', HTMLElement)
  /** @type {Map<string, Message>} */
  #messages = new Map()
  /** What became of messages that have not come yet. @type {Map<string, Event[]>} */
  #early = new Map()
  #chats
  #hands
  #reveal
  #live = false

  /**
   * @param {object} surroundings
   * @param {import('./chats.js').Chats} surroundings.chats
   * @param {import('./buttons.js').Hands} surroundings.hands
   * @param {(title: string, events: readonly unknown[]) => void} surroundings.reveal shows the JSON of events
   */
  constructor ({ chats, hands, reveal }) {
    this.#chats = chats
    this.#hands = hands
    this.#reveal = reveal
  }

  /** Begins anew. */
  clear () {
    this.#messages.clear()
    this.#early.clear()
    this.#list.replaceChildren()
    this.#empty.hidden = false
  }

  /**
   * Whether what comes is new to whoever reads, and worth to be said.
   *
   * @param {boolean} live
   */
  announceNews (live) {
    this.#live = live
    this.#list.toggleAttribute('data-live', live)
  }

  /** @param {import('../protocol.ts').Entry} entry */
  add (entry) {
    const atEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight < 80
    if (entry.kind === 'sent') this.#addSent(entry)
    else this.#addEvent(entry.event)
    if (atEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight
  }

  /** @param {Extract<import('../protocol.ts').Entry, { kind: 'sent' }>} sent */
  #addSent (sent) {
    if (this.#messages.has(sent.idMessage)) return
    const { idMessage, chatId, timestamp } = sent
    this.#put({ idMessage, chatId, timestamp, direction: 'outgoing', author: 'Shop', content: contentOfSent(sent), status: 'pending', quoted: '', events: [] })
  }

  /** @param {Event | Unrecognized} event */
  #addEvent (event) {
    if (event.name === 'unrecognized') {
      const what = event.typeMessage ?? event.typeWebhook ?? ''
      this.#note(event, { title: `Unrecognized (${event.reason})`, text: `${what} Answered 200 all the same: nothing behind it waits.`, strange: true })
    } else if (event.name === 'outgoingMessageStatus') this.#follow(event)
    else if (event.direction !== undefined) this.#addMessage(event)
    else this.#note(event, { title: event.name, text: Object.values(event.data).filter((each) => typeof each === 'string').join(', '), strange: false })
  }

  /** @param {MessageEvent} event */
  #addMessage (event) {
    const { idMessage, chatId, chatName, direction, senderName, timestamp, quotedMessage } = event
    const known = this.#messages.get(idMessage)
    const quoted = event.name === 'buttonReply' ? event.data.stanzaId : quotedMessage?.stanzaId ?? ''
    const author = direction === 'outgoing' ? 'Shop' : senderName || chatId
    this.#chats.note(chatId, direction === 'incoming' ? chatName || senderName : '')
    this.#put({
      idMessage,
      chatId,
      timestamp,
      direction,
      author,
      content: contentOf(event),
      quoted,
      status: known?.status ?? 'pending',
      events: [...known?.events ?? [], event]
    })
    for (const status of this.#early.get(idMessage) ?? []) this.#addEvent(status)
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
    message.item.querySelector('.ticks')?.replaceWith(drawTicks(message))
    if (this.#live && status !== 'sent' && status !== 'delivered') announce(`${summaryOf(message.content)}: ${status}`)
  }

  /** @param {Omit<Message, 'item' | 'chosen' | 'description'>} made */
  #put (made) {
    const known = this.#messages.get(made.idMessage)
    const message = known === undefined ? { ...made, chosen: undefined, description: undefined, item: element('li', { tabindex: '-1' }) } : Object.assign(known, made)
    this.#messages.set(message.idMessage, message)
    this.#draw(message)
    if (known !== undefined) return
    this.#append(message.item, message.chatId)
    if (this.#live) announce(`${message.author}: ${summaryOf(message.content)}`)
  }

  /**
   * @param {Event | Unrecognized} event
   * @param {{ title: string, text: string, strange: boolean }} notice
   */
  #note (event, notice) {
    const item = element('li', { tabindex: '-1' })
    drawNotice(item, { ...notice, reveal: () => { this.#reveal(notice.title, [event]) } })
    this.#append(item, '')
    if (this.#live) announce(`${notice.title} ${notice.text}`)
  }

  /**
   * @param {HTMLLIElement} item
   * @param {string} chatId
   */
  #append (item, chatId) {
    this.#empty.hidden = true
    item.dataset.chat = chatId
    this.#list.append(item)
    this.#chats.show(item)
  }

  /** @param {Message} message */
  #draw (message) {
    drawBubble(message, {
      hands: this.#hands,
      quote: this.#drawQuote(message),
      reveal: () => { this.#reveal(summaryOf(message.content), message.events) }
    })
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
