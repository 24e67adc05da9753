import { announce } from './announce.js'
import { reveal } from './behind.js'
import { Chats } from './chats.js'
import { address, compose } from './composer.js'
import { Conversation } from './conversation.js'
import { beCustomer, complain } from './customer.js'
import { find } from './element.js'
import { drawState, setSpeed, watchReceiver } from './receiver.js'
import { listen } from './stream.js'

const connection = find('connection', HTMLElement)
const connectionText = find('connection-text', HTMLElement)
const lost = find('lost', HTMLElement)

const chats = new Chats()
/** @type {import('./buttons.js').Hands} */
const hands = { customer: true, tap () {} }
const conversation = new Conversation({ chats, hands, reveal })

hands.tap = beCustomer(conversation, chats)

compose((chatId) => {
  chats.choose(chatId)
  // On a phone the conversation is further down.
  const scroller = find('scroller', HTMLElement)
  const { top, bottom } = scroller.getBoundingClientRect()
  if ((top + bottom) / 2 > innerHeight) scroller.scrollIntoView({ block: 'center' })
})
watchReceiver(complain)

listen({
  hello ({ mode, receiving, idInstance, chatId, speed, fresh }) {
    document.body.dataset.mode = mode
    find('instance', HTMLElement).textContent = idInstance
    hands.customer = mode === 'emulated'
    find('polling-text', HTMLElement).textContent = receiving === 'polled' ? 'Receiving: GREEN-API is asked for notifications' : 'Receiving: GREEN-API posts to /green-api'
    setSpeed(speed)
    address(chatId)
    conversation.announceNews(false)
    if (!fresh) return
    conversation.clear()
    chats.clear()
    chats.note(chatId, mode === 'emulated' ? 'Ada Lovelace' : '')
  },
  entry (entry) {
    if (entry.kind === 'sent') chats.note(entry.chatId, '')
    conversation.add(entry)
  },
  state: drawState,
  live () {
    if (connection.dataset.state === 'lost') announce('The connection is there again.')
    connection.dataset.state = 'live'
    connectionText.textContent = 'Live'
    lost.hidden = true
    lost.textContent = ''
    conversation.announceNews(true)
  },
  lost () {
    if (connection.dataset.state === 'lost') return
    connection.dataset.state = 'lost'
    connectionText.textContent = 'No connection'
    lost.textContent = 'The connection to the board is lost: what you see may be old. It is tried again, and what was missed will be shown.'
    lost.hidden = false
  }
})
