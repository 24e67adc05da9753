import type { NotificationRecord } from '../protocol.ts'
import { showApiFacts } from './api-facts.ts'
import { Chats } from './chats.ts'
import { Conversation } from './conversation.ts'
import { Customer } from './customer.ts'
import { find, recall, remember } from './dom.ts'
import { Inspector } from './inspector.ts'
import { addKeys } from './keys.ts'
import { Log } from './log.ts'
import { MenuComposer } from './menu-composer.ts'
import { SendEvent } from './send-event.ts'
import { ServerBar } from './server-bar.ts'
import { listen } from './stream.ts'

type Pane = 'conversation' | 'log' | 'inspector'

const records = new Map<number, NotificationRecord>()
const chats = new Chats()
const serverBar = new ServerBar()
let isAccount = false
let isConfirmed = false
let run = ''

/** Whether the next notification is shown in the inspector, because the user has just caused it. */
let isAwaited = false

function awaitNotification (): void {
  isAwaited = true
  conversation.follow()
}

const customer = new Customer({ chats, sending: awaitNotification })
const conversation = new Conversation({
  chats,
  tap: (idMessage, button) => { customer.tap(idMessage, button) },
  inspect: (ids, focus) => { inspect(ids, ids[0], focus) }
})
const inspector = new Inspector({
  record: (id) => records.get(id),
  selected (id) {
    conversation.select(id)
    log.select(id)
  }
})
const log = new Log({
  select (id, focus) {
    conversation.reveal(id)
    inspect(conversation.relatedTo(id), id, focus)
  }
})
const composer = new MenuComposer({
  confirm: async (chatId) => !isAccount || isConfirmed || await confirmSend(chatId),
  sending (chatId) {
    chats.show(chatId)
    awaitNotification()
  }
})
const sendEvent = new SendEvent({ author: () => customer.author, sending: awaitNotification })

function inspect (ids: readonly number[], id: number | undefined, focus: boolean): void {
  inspector.show(ids, id)
  if (!focus) {
    if (matchMedia('(width < 45rem)').matches) showPane('inspector')
    return
  }
  showPane('inspector')
  inspector.focus()
}

/** Shows an area on a narrow screen, which shows one at a time. */
function showPane (pane: Pane): void {
  document.body.dataset.pane = pane
  for (const tab of find('pane-tabs', HTMLElement).querySelectorAll('button')) {
    if (tab.dataset.pane === pane) tab.setAttribute('aria-current', 'true')
    else tab.removeAttribute('aria-current')
  }
  if (pane === 'conversation') conversation.follow()
}

function writeAs (author: 'customer' | 'shop'): void {
  document.body.dataset.author = author
  remember('author', author)
  for (const radio of find('author', HTMLFieldSetElement).querySelectorAll('input')) {
    radio.checked = radio.value === author
  }
  conversation.follow()
}

/** Asks before the first message of a real account. */
async function confirmSend (chatId: string): Promise<boolean> {
  const dialog = find('confirm', HTMLDialogElement)
  find('confirm-text', HTMLElement).textContent = `The message goes to ${chatId}, on a real phone.`
  dialog.showModal()
  await new Promise((resolve) => { dialog.addEventListener('close', resolve, { once: true }) })
  isConfirmed = dialog.returnValue === 'send'
  dialog.returnValue = ''
  return isConfirmed
}

function clear (): void {
  records.clear()
  conversation.clear()
  log.clear()
  inspector.clear()
  composer.reset()
}

for (const tab of find('pane-tabs', HTMLElement).querySelectorAll('button')) {
  // The markup names the areas.
  tab.addEventListener('click', () => { showPane(tab.dataset.pane as Pane) })
}
for (const radio of find('author', HTMLFieldSetElement).querySelectorAll('input')) {
  radio.addEventListener('change', () => { writeAs(radio.value === 'shop' ? 'shop' : 'customer') })
}
find('first-menu', HTMLButtonElement).addEventListener('click', () => {
  writeAs('shop')
  composer.send()
})
chats.addEventListener('change', () => { composer.setChat(chats.current.chatId) })

for (const radio of document.querySelectorAll<HTMLInputElement>('[name="theme"]')) {
  radio.checked = radio.value === (recall('theme') ?? 'system')
  radio.addEventListener('change', () => {
    remember('theme', radio.value)
    document.documentElement.dataset.theme = radio.value
  })
}

addKeys([
  {
    key: 'c',
    label: 'Write as the customer',
    run () {
      showPane('conversation')
      writeAs('customer')
      customer.focus()
    }
  },
  {
    key: 's',
    label: 'Write as the shop',
    run () {
      showPane('conversation')
      writeAs('shop')
      composer.focus()
    }
  },
  { key: 'e', label: 'Send event', run: () => { if (!isAccount) sendEvent.open() } },
  { key: 'm', label: 'Latest message', run: () => { showPane('conversation'); conversation.focusLatest() } },
  { key: '/', label: 'Filter the log', run: () => { showPane('log'); log.focusFilter() } },
  { key: 'i', label: 'Inspector', run: () => { showPane('inspector'); inspector.focus() } },
  { key: 'x', label: 'Stop or start the server', run: () => { if (!isAccount) serverBar.toggle() } }
])

listen({
  hello (hello) {
    const isRestarted = run !== '' && run !== hello.run
    isAccount = hello.mode === 'account'
    conversation.canTap = !isAccount
    conversation.isLive = log.isLive = false
    document.body.dataset.mode = hello.mode
    find('version', HTMLElement).textContent = hello.version
    if (run === '') writeAs(isAccount || recall('author') === 'shop' ? 'shop' : 'customer')
    run = hello.run
    serverBar.setHello(hello, isRestarted)
    showApiFacts(hello)
    if (!hello.fresh) return
    clear()
    chats.reset(!isAccount)
  },
  record (record) {
    records.set(record.id, record)
    log.add(record)
    conversation.add(record)
    if (isAwaited && record.attemptCount === 0) {
      isAwaited = false
      inspector.show(conversation.relatedTo(record.id), record.id)
    }
    const { selected } = inspector
    if (selected === undefined) return
    const related = conversation.relatedTo(selected)
    if (!inspector.includes(record.id) && related.includes(record.id)) inspector.setRelated(related)
    inspector.update(record.id)
  },
  state: (state) => { serverBar.setState(state) },
  live () {
    conversation.isLive = log.isLive = true
    conversation.follow()
    serverBar.setLost(false)
    document.body.dataset.connection = 'live'
  },
  lost () {
    serverBar.setLost(true)
    document.body.dataset.connection = 'lost'
  }
})
