import type { Button } from '../../schemas/buttons.ts'
import type { NotificationRecord } from '../protocol.ts'
import { drawBubble, type BubbleContext, type Message } from './bubble.ts'
import type { Chats } from './chats.ts'
import { contentOf, describeService, messageOf, summarize, type MessageEvent } from './content.ts'
import { announce, find, formatTime, h, icon } from './dom.ts'
import { Roving } from './roving.ts'
import { Scroller } from './scroller.ts'

/** The order of the statuses. Any other status is final. */
const progress = ['pending', 'sent', 'delivered', 'read']

interface Options {
  readonly chats: Chats
  tap (idMessage: string, button: Button): void
  /** Shows records in the inspector, the first one selected. */
  inspect (records: readonly number[], focus: boolean): void
}

/** The messages of the chats, put together from the records. */
export class Conversation {
  readonly #list = find('messages', HTMLOListElement)
  readonly #empty = find('no-messages', HTMLElement)
  readonly #roving = new Roving(this.#list, 'last')
  readonly #scroller = new Scroller()
  readonly #messages = new Map<string, Message>()
  readonly #services = new Map<number, HTMLLIElement>()
  /** Statuses of messages that have not arrived yet. */
  readonly #early = new Map<string, NotificationRecord[]>()
  readonly #options: Options
  /** Whether the page shows new messages, and not the past. */
  isLive = false
  canTap = true

  constructor (options: Options) {
    this.#options = options
    options.chats.addEventListener('change', () => {
      for (const item of this.#list.children) if (item instanceof HTMLElement) this.#filter(item)
      this.#drawEmpty()
      this.#roving.reset()
      this.#scroller.toEnd()
    })
    this.#list.addEventListener('click', ({ target }) => {
      if (!(target instanceof Element) || target.closest('button, a') !== null || String(getSelection()) !== '') return
      this.#inspectItem(target.closest('li'), false)
    })
    this.#list.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target instanceof HTMLLIElement) this.#inspectItem(event.target, true)
    })
  }

  clear (): void {
    this.#messages.clear()
    this.#services.clear()
    this.#early.clear()
    this.#list.replaceChildren()
    this.#drawEmpty()
  }

  /** Scrolls to the end, to show the result of an action. */
  follow (): void {
    this.#scroller.toEnd()
  }

  focusLatest (): void {
    this.#roving.latest?.focus()
  }

  /** Adds a record, or takes note of its change. */
  add (record: NotificationRecord): void {
    const event = messageOf(record)
    if (record.event.name === 'outgoingMessageStatus') this.#addStatus(record)
    else if (event === undefined) this.#addService(record)
    else this.#addMessage(record, event)
  }

  /** Marks the message or the line of a record. */
  select (id: number | undefined): void {
    for (const item of this.#list.children) item.removeAttribute('data-selected')
    if (id === undefined) return
    const item = this.#services.get(id) ?? this.#messageOfRecord(id)?.item
    item?.setAttribute('data-selected', '')
  }

  /** The ids of all records of the same message. */
  relatedTo (id: number): number[] {
    const message = this.#messageOfRecord(id)
    return message === undefined ? [id] : [...message.records]
  }

  /** Shows the chat of a record. */
  reveal (id: number): void {
    const message = this.#messageOfRecord(id)
    if (message === undefined) return
    this.#options.chats.show(message.chatId)
    message.item.scrollIntoView({ block: 'nearest' })
  }

  #messageOfRecord (id: number): Message | undefined {
    return [...this.#messages.values()].find(({ records }) => records.has(id))
  }

  #addMessage (record: NotificationRecord, event: MessageEvent): void {
    const { idMessage, chatId, direction } = event
    const { chats } = this.#options
    chats.note(chatId, direction === 'incoming' ? event.chatName || event.senderName : '')
    const known = this.#messages.get(idMessage)
    const message: Message = known ?? {
      idMessage,
      chatId,
      at: record.at,
      event,
      records: new Set(),
      isWaiting: false,
      status: 'pending',
      statusDetail: '',
      chosen: undefined,
      reactions: new Map(),
      item: h('li', { tabindex: '-1' })
    }
    const isFirst = message.records.size === 0 || Math.min(...message.records) === record.id
    message.records.add(record.id)
    if (isFirst) message.isWaiting = record.state === 'waiting'
    message.event = event
    this.#messages.set(idMessage, message)
    this.#draw(message)
    if (known === undefined) {
      this.#append(message.item, chatId)
      if (this.isLive) this.#announceMessage(message)
    }
    for (const status of this.#early.get(idMessage) ?? []) this.#addStatus(status)
    this.#early.delete(idMessage)
    this.#applyToOriginal(event)
  }

  /** A tap and a reaction also change the message that they refer to. */
  #applyToOriginal (event: MessageEvent): void {
    const original = event.name === 'buttonReply'
      ? this.#messages.get(event.data.stanzaId)
      : this.#messages.get(event.quotedMessage?.stanzaId ?? '')
    if (original === undefined) return
    if (event.name === 'buttonReply') original.chosen = event.data.buttonId
    else if (event.name === 'reactionMessage') original.reactions.set(event.sender, event.data.reaction)
    else return
    this.#draw(original)
  }

  #addStatus (record: NotificationRecord): void {
    const { idMessage, data } = record.event
    const { status, description } = Object(data)
    const message = this.#messages.get(String(idMessage))
    if (message === undefined) {
      const early = this.#early.get(String(idMessage)) ?? []
      this.#early.set(String(idMessage), [...early.filter(({ id }) => id !== record.id), record])
      return
    }
    message.records.add(record.id)
    // Statuses can arrive in the wrong order.
    if (progress.includes(status) && progress.indexOf(status) <= progress.indexOf(message.status)) return
    message.status = String(status)
    message.statusDetail = typeof description === 'string' ? description : ''
    this.#draw(message)
  }

  #addService (record: NotificationRecord): void {
    const { id, at, event } = record
    const known = this.#services.get(id)
    const item = known ?? h('li', { tabindex: '-1' })
    const title = describeService(record)
    const isStrange = event.name === 'unrecognized'
    item.className = `service${isStrange ? ' strange' : ''}`
    item.dataset.record = String(id)
    if (known === undefined) {
      const button = h('button', { type: 'button' },
        isStrange ? icon('alert') : undefined,
        h('bdi', {}, title),
        h('time', { datetime: new Date(at).toISOString() }, formatTime(at)))
      button.addEventListener('click', () => { this.#options.inspect([id], false) })
      item.append(button)
      this.#services.set(id, item)
      this.#append(item, typeof event.chatId === 'string' ? event.chatId : '')
      if (this.isLive) announce(title)
    }
  }

  #append (item: HTMLLIElement, chatId: string): void {
    const { chats } = this.#options
    item.dataset.chat = chatId
    if (this.isLive) item.classList.add('arrives')
    this.#list.append(item)
    this.#filter(item)
    this.#drawEmpty()
    this.#roving.note(item)
    if (!item.hidden) this.#scroller.arrived()
    else if (this.isLive) chats.markUnread(chatId)
  }

  #filter (item: HTMLElement): void {
    const { chat = '' } = item.dataset
    item.hidden = chat !== '' && chat !== this.#options.chats.current.chatId
  }

  #drawEmpty (): void {
    this.#empty.hidden = [...this.#list.children].some((item) => item instanceof HTMLElement && !item.hidden)
    // A region that scrolls must be reachable with the keyboard.
    find('scroller', HTMLElement).tabIndex = this.#empty.hidden ? -1 : 0
  }

  #draw (message: Message): void {
    const context: BubbleContext = {
      canTap: this.canTap,
      isGroup: message.chatId.endsWith('@g.us'),
      tap: this.#options.tap,
      inspect: ({ records }) => { this.#options.inspect([...records], true) },
      find: (idMessage) => this.#messages.get(idMessage)
    }
    const isNew = message.item.classList.contains('arrives')
    drawBubble(message, context)
    if (isNew) message.item.classList.add('arrives')
    this.#roving.note(message.item)
  }

  #inspectItem (item: Element | null, focus: boolean): void {
    if (!(item instanceof HTMLLIElement)) return
    const { id, record } = item.dataset
    const message = id === undefined ? undefined : this.#messages.get(id)
    if (message !== undefined) this.#options.inspect([...message.records], focus)
    else if (record !== undefined) this.#options.inspect([Number(record)], focus)
  }

  #announceMessage ({ event, chatId }: Message): void {
    const author = event.direction === 'outgoing' ? 'Shop' : event.senderName
    const place = chatId === this.#options.chats.current.chatId ? '' : ' in another chat'
    announce(`${author}${place}: ${summarize(contentOf(event))}`)
  }
}
