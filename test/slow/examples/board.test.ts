import axe, { type AxeResults } from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { message, send, write } from '../../helpers/board-page.ts'
import { startBoard, type Board } from '../../helpers/boards.ts'
import { launchBrowser, openPage, withoutChromium } from '../../helpers/browser.ts'
import { call, emulate } from '../../helpers/emulated.ts'

// A browser takes its time on a machine that is busy.
t.setTimeout(600_000)

let browser: Browser
t.before(async () => { if (withoutChromium === false) browser = await launchBrowser() })
t.teardown(() => browser?.close())
const skip = { skip: withoutChromium }

const open = (t: Test, { url }: Board, options = {}) => openPage(t, browser, url, options)

/** Posts a menu as somebody else might, in another chat. */
async function postMenu (board: Board): Promise<Response> {
  return await board.post('green-api', {
    typeWebhook: 'outgoingAPIMessageReceived',
    instanceData: { idInstance: 1101000001, wid: '79001234567@c.us', typeInstance: 'whatsapp' },
    timestamp: 1747817913,
    idMessage: 'BAE5000000000001',
    senderData: { chatId: '4915550009999@c.us', sender: '79001234567@c.us', senderName: 'Shop' },
    messageData: { typeMessage: 'interactiveButtons', interactiveButtons: { titleText: 'From nowhere', contentText: 'Right?', footerText: 'Shop', buttons: [{ type: 'reply', buttonId: 'yes', buttonText: 'Yes' }] } }
  }, { authorization: 'Bearer example-token' })
}

/** A property of an element's style, as the browser computes it. */
async function computed (locator: Locator, property: string): Promise<unknown> {
  // The compiler does not know a browser's names here.
  return await locator.evaluate((element, property) => Object(globalThis).getComputedStyle(element)[property], property)
}

/** Whether the page can be scrolled sideways. */
async function isTooWide (page: Page): Promise<unknown> {
  return await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
}

/** What of the page somebody cannot read or use, as axe-core judges. */
async function barriers (page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations }: AxeResults = await page.evaluate('axe.run()')
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}

for (const colorScheme of ['light', 'dark'] as const) {
  t.test(`nothing keeps anybody from reading and using the page, in the ${colorScheme}`, skip, async (t) => {
    // The page's policy would keep axe out.
    const board = await startBoard(t)
    const page = await open(t, board, { colorScheme, bypassCSP: true })
    t.strictSame(await barriers(page), [], 'as it is opened')
    const menu = await send(page, 'Order', 'Two loaves of rye')
    await menu.getByRole('button', { name: 'Yes, all right' }).click()
    const thanks = message(page, 'Thank you! We noted')
    await thanks.getByRole('img', { name: 'read', exact: true }).waitFor()
    await page.getByText('Change what it says', { exact: true }).click()
    await page.getByRole('button', { name: 'Take the receiver down' }).click()
    await write(page, 'Still there?')
    await page.getByText('The receiver is down: 1 notification waits at GREEN-API.').waitFor()
    await message(page, 'Still there?').getByText('waits at GREEN-API').waitFor()
    t.strictSame(await barriers(page), [], 'with a conversation, and the receiver down')
    await menu.getByRole('button', { name: 'JSON behind' }).click()
    await page.getByRole('dialog').waitFor()
    t.strictSame(await barriers(page), [], 'with the JSON of a message')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Bring the receiver up again' }).click()
    await postMenu(board)
    const chats = page.getByRole('combobox', { name: 'Show the conversation with' })
    await chats.selectOption('4915550009999@c.us')
    await message(page, 'From nowhere').first().waitFor()
    t.strictSame(await barriers(page), [], 'with another chat')
  })
}

t.test('what one composes is sent, and what cannot be is said at its field', skip, async (t) => {
  const page = await open(t, await startBoard(t))
  t.equal(await page.getByLabel('Header').isVisible(), false, 'it need not be changed')
  await page.getByText('Change what it says', { exact: true }).click()
  await page.getByLabel('Header').fill('Hand-written')
  await page.getByLabel('Body').fill('')
  await page.getByRole('button', { name: 'Send it' }).click()
  await page.getByRole('alert').filter({ hasText: 'Write what it says' }).waitFor()
  const body = page.getByLabel('Body')
  t.equal(await body.getAttribute('aria-invalid'), 'true')
  t.equal(await body.evaluate('document.activeElement.name'), 'body')

  await body.fill('Which?')
  await page.getByRole('button', { name: 'Add a button' }).click()
  await page.getByRole('button', { name: 'Send it' }).click()
  await page.getByRole('alert').filter({ hasText: 'Remove a button: at most 3 are sent' }).waitFor()
  await page.getByRole('button', { name: 'Remove button 4' }).click()
  const second = page.getByRole('group', { name: 'Button 2' })
  await second.getByLabel('Text').fill('')
  await second.getByLabel('Text').pressSequentially('A text longer than any button')
  t.equal(await second.getByLabel('Text').inputValue(), 'A text longer than any bu')
  t.equal(await second.getByText('Button 2: at most 25 characters').isVisible(), true)
  await second.getByLabel('Text').evaluate((input) => { Object(input).value = 'A text longer than any button' })
  await page.getByRole('button', { name: 'Send it' }).click()
  await page.getByRole('alert').filter({ hasText: 'Button 2: at most 25 characters' }).waitFor()
  t.equal(await second.getByLabel('Text').getAttribute('aria-invalid'), 'true')
  await second.getByLabel('Text').fill('This one')
  await page.getByRole('button', { name: 'Send it' }).click()
  await message(page, 'Hand-written').getByRole('button', { name: 'This one' }).waitFor()
  t.equal(await page.getByRole('alert').filter({ hasText: 'characters' }).count(), 0)

  for (const name of ['Remove button 3', 'Remove button 2', 'Remove button 1']) await page.getByRole('button', { name }).click()
  await page.getByRole('button', { name: 'Send it' }).click()
  await page.getByRole('alert').filter({ hasText: 'Add at least one button' }).waitFor()
  await page.getByRole('button', { name: 'Add a button' }).click()
  await page.getByRole('group', { name: 'Button 1' }).getByLabel('Text').fill('Hello')
  await page.getByLabel('To', { exact: true }).fill('Ada')
  await page.getByRole('button', { name: 'Send it' }).click()
  await page.getByRole('alert').filter({ hasText: "'chatId' must be a chat id" }).waitFor()
})

t.test('what nobody knows yet is shown, and holds nothing back', skip, async (t) => {
  const page = await open(t, await startBoard(t))
  await page.getByRole('button', { name: 'Send a kind of message that nobody knows yet' }).click()
  const strange = message(page, 'Unrecognized (unknown-type)')
  await strange.getByText('hologramMessage').waitFor()
  await write(page, 'Did you get it?')
  await message(page, 'Did you get it?').waitFor()
  await strange.getByRole('button', { name: 'JSON behind' }).click()
  t.match(await page.getByRole('dialog').textContent(), '"typeMessage": "hologramMessage"')
})

t.test('while the receiver is down the queue grows, and catches up when it is up', skip, async (t) => {
  const page = await open(t, await startBoard(t))
  const receiver = page.getByRole('region', { name: 'The receiver' })
  await receiver.getByRole('button', { name: 'Take the receiver down' }).click()
  await receiver.getByText('Down: every notification is answered 503').waitFor()
  for (const text of ['One', 'Two', 'Three']) await write(page, text)
  await receiver.getByText(/^3 notifications wait/).waitFor()
  await receiver.getByText('→ 503').waitFor()
  await page.getByRole('region', { name: 'Conversation with' }).getByText('The receiver is down: 3 notifications wait at GREEN-API.').waitFor()
  for (const text of ['One', 'Two', 'Three']) t.equal(await message(page, text).getByText('waits at GREEN-API').count(), 1, text)
  await receiver.getByRole('button', { name: 'Bring the receiver up again' }).click()
  await receiver.getByText(/^0 notifications wait/).waitFor()
  t.equal(await page.getByText('The receiver is down:').isVisible(), false)
  for (const text of ['One', 'Two', 'Three']) t.equal(await message(page, text).count(), 1, 'the bubble has become the real one')
  t.equal(await page.getByRole('list', { name: 'Messages' }).getByText('waits at GREEN-API').count(), 0)
  const log = page.getByRole('log')
  for (const text of ['The receiver is up again. 3 waiting.', 'Ada Lovelace: Three', 'One: waits at GREEN-API']) t.match(await log.textContent(), text)
})

t.test('a lost connection is said, and what was missed comes when it is back', skip, async (t) => {
  const board = await startBoard(t)
  const page = await open(t, board)
  await write(page, 'Before')
  await message(page, 'Before').waitFor()
  await page.context().setOffline(true)
  await board.app.close()
  await page.getByRole('alert').filter({ hasText: 'The connection to the board is lost' }).waitFor()
  t.equal(await page.getByText('No connection', { exact: true }).isVisible(), true)

  const again = await startBoard(t, { port: Number(new URL(board.url).port) })
  await again.post('customer/text', { chatId: '4915550001234@c.us', text: 'Meanwhile' })
  await page.context().setOffline(false)
  await message(page, 'Meanwhile').waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  t.equal(await message(page, 'Before').count(), 0, 'which another run of the board knows nothing of')
  t.equal(await page.getByRole('alert').filter({ hasText: 'lost' }).count(), 0)
})

t.test('everything can be done with the keyboard', skip, async (t) => {
  const page = await open(t, await startBoard(t))
  const name = () => page.evaluate('document.activeElement.textContent.trim() || document.activeElement.value')
  for (const place of ['Write as the customer', 'Latest message', 'The receiver']) {
    await page.keyboard.press('Tab')
    t.equal(await name(), place)
  }
  await page.keyboard.press('Tab')
  t.equal(await name(), 'order')
  await page.keyboard.press('ArrowRight')
  t.equal(await name(), 'delivery')
  await page.keyboard.press('Tab')
  t.equal(await name(), 'Send it')
  const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
  t.equal(outline, 'solid', 'one sees where one is')
  await page.keyboard.press('Enter')
  const menu = message(page, 'Your order is on its way').first()
  await menu.getByRole('img', { name: 'read', exact: true }).waitFor()

  const atButton = () => page.evaluate("document.activeElement.matches('button') && document.activeElement.textContent === 'Leave it at the door'")
  for (let presses = 0; !await atButton() && presses < 60; presses++) await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await message(page, 'Thank you! We noted: “Leave it at the door”.').getByRole('img', { name: 'read', exact: true }).waitFor()
  t.equal(await name(), 'Leave it at the doorchosen', 'the focus stays where it was')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  t.equal(await name(), '{ }')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  t.equal(await name(), '{ }', 'and comes back from the dialog')
})

t.test('the list of messages is one stop for the keyboard, and the arrows go through it', skip, async (t) => {
  const page = await open(t, await startBoard(t))
  await send(page, 'Order', 'Two loaves of rye')
  for (const text of ['First', 'Second']) await write(page, text)
  await message(page, 'Second').and(page.locator(':not(.waiting)')).waitFor()
  const at = () => page.evaluate("(document.activeElement.closest('.message')?.querySelector('.text')?.textContent ?? '').slice(0, 9)")
  const stops = () => page.evaluate('[...document.querySelectorAll(\'#conversation > li, #conversation button, #conversation a\')].filter((each) => each.tabIndex === 0).length')
  const link = page.getByRole('link', { name: 'Latest message' })
  await link.focus()
  await page.keyboard.press('Enter')
  t.equal(await at(), 'Second')
  t.equal(await stops(), 2, 'the message and its JSON')
  for (const [key, text] of [['ArrowUp', 'First'], ['Home', 'Hello Ada'], ['ArrowUp', 'Hello Ada'], ['ArrowDown', 'First'], ['End', 'Second'], ['ArrowDown', 'Second'], ['ArrowUp', 'First']] as const) {
    await page.keyboard.press(key)
    t.equal(await at(), text, key)
  }
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate('document.activeElement.getAttribute("aria-label")').then(String), await message(page, 'First').getByRole('button').getAttribute('aria-label'))
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate('document.activeElement.name'), 'device', 'and out of the list')
  await write(page, 'Third')
  await message(page, 'Third').waitFor()
  await page.getByRole('radio', { name: 'Android' }).focus()
  await page.keyboard.press('Shift+Tab')
  t.equal(await at(), 'Third', 'the latest is the way in again')

  const names = await page.getByRole('list', { name: 'Messages' }).getByRole('button', { name: 'JSON behind' }).evaluateAll((buttons) => buttons.map((button) => Object(button).getAttribute('aria-label')))
  t.equal(new Set(names).size, names.length, 'each is called by what it is about')
  await page.getByRole('link', { name: 'The receiver' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate('document.activeElement.textContent'), 'Take the receiver down')
  await page.getByRole('link', { name: 'Write as the customer' }).focus()
  await page.keyboard.press('Enter')
  t.equal(await page.evaluate('document.activeElement.name'), 'text')
})

t.test('one sees what comes of what one does, and is told of what comes while reading above', skip, async (t) => {
  const board = await startBoard(t)
  const page = await open(t, board)
  const menu = await send(page, 'Order', 'Two loaves of rye')
  for (let index = 1; index <= 12; index++) await board.post('customer/text', { chatId: '4915550001234@c.us', text: `Text ${index}.` })
  await message(page, 'Text 12.').waitFor()
  const scroller = page.getByRole('region', { name: 'What was said' })
  const isAtEnd = () => scroller.evaluate((box) => { const { scrollHeight, scrollTop, clientHeight } = Object(box); return scrollHeight - scrollTop - clientHeight < 5 })
  const scrollUp = async () => {
    await scroller.evaluate((box) => { Object(box).scrollTop = 0 })
    while (await isAtEnd()) await page.waitForTimeout(20)
    await page.waitForTimeout(100)
  }
  t.equal(await isAtEnd(), true)

  await scrollUp()
  const newest = page.getByRole('button', { name: 'New messages' })
  t.equal(await newest.count(), 0)
  await menu.getByRole('button', { name: 'Yes, all right' }).click()
  await message(page, 'Thank you! We noted').getByRole('img', { name: 'read', exact: true }).waitFor()
  t.equal(await isAtEnd(), true, 'after a tap')

  await scrollUp()
  await write(page, 'From below')
  await message(page, 'From below').and(page.locator(':not(.waiting)')).waitFor()
  t.equal(await isAtEnd(), true, 'after a text')

  await scrollUp()
  await page.getByRole('button', { name: 'Send it' }).click()
  await message(page, 'Two loaves of rye').nth(1).waitFor()
  t.equal(await isAtEnd(), true, 'after sending')

  await scrollUp()
  await board.post('customer/text', { chatId: '4915550001234@c.us', text: 'From elsewhere' })
  await newest.waitFor()
  t.equal(await isAtEnd(), false, 'who reads above stays there')
  await newest.press('Enter')
  t.equal(await isAtEnd(), true)
  t.equal(await newest.count(), 0)
  t.match(await page.locator('li:focus').textContent(), 'From elsewhere')
})

t.test('what is posted from outside is marked, listed, and cannot be tapped', skip, async (t) => {
  const board = await startBoard(t)
  const page = await open(t, board)
  await send(page, 'Order', 'Two loaves of rye')
  t.equal((await postMenu(board)).status, 200)
  const chats = page.getByRole('combobox', { name: 'Show the conversation with' })
  await chats.getByRole('option', { name: '+4915550009999 • new' }).waitFor({ state: 'attached' })
  t.equal(await page.getByText('New in another chat').isVisible(), true)
  t.match(await page.getByRole('log').textContent(), 'Shop, in another chat: From nowhere')
  const listed = page.getByRole('region', { name: 'The receiver' }).getByRole('listitem').filter({ hasText: 'from outside' })
  t.match(await listed.textContent(), 'outgoingAPIMessageReceived interactiveButtons')

  await chats.selectOption('4915550009999@c.us')
  t.equal(await page.getByText('New in another chat').isVisible(), false)
  const menu = message(page, 'From nowhere').first()
  const yes = menu.getByRole('button', { name: 'Yes' })
  t.equal(await yes.isDisabled(), true)
  t.equal(await yes.getAttribute('title'), 'Posted from outside: the emulator does not know this menu.')
  t.equal(await menu.getByText('Posted from outside: the emulator does not know this menu.').isVisible(), true)
  t.equal(await page.locator('#avatar').textContent(), '99')

  await page.getByRole('button', { name: 'Take the receiver down' }).click()
  t.equal((await postMenu(board)).status, 503)
  await listed.getByText('→ 503').waitFor()
})

t.test('each chat is shown at its end, and what cannot be recognized in its own', skip, async (t) => {
  const board = await startBoard(t)
  const page = await open(t, board)
  const grace = '4915550009999@c.us'
  for (const chatId of ['4915550001234@c.us', grace]) for (let index = 1; index <= 12; index++) await board.post('customer/text', { chatId, text: `Text ${index}.` })
  await board.post('customer/hologram', { chatId: grace })
  const chats = page.getByRole('combobox', { name: 'Show the conversation with' })
  await page.locator('.notice').waitFor({ state: 'attached' })
  t.equal(await message(page, 'Unrecognized').count(), 0, 'not where it does not belong')
  const isAtEnd = () => page.getByRole('region', { name: 'What was said' }).evaluate((box) => { const { scrollHeight, scrollTop, clientHeight } = Object(box); return scrollTop > 0 && scrollHeight - scrollTop - clientHeight < 5 })
  const scrollUp = () => page.getByRole('region', { name: 'What was said' }).evaluate((box) => { Object(box).scrollTop = 0 })
  await scrollUp()
  await page.waitForTimeout(100)
  await chats.selectOption(grace)
  t.equal(await message(page, 'Unrecognized').count(), 1)
  t.equal(await isAtEnd(), true)
  await scrollUp()
  await page.waitForTimeout(100)
  await page.getByRole('button', { name: 'Send it' }).click()
  await message(page, 'Two loaves of rye').first().waitFor()
  t.equal(await chats.inputValue(), '4915550001234@c.us')
  t.equal(await isAtEnd(), true)
})

t.test('hostile texts are texts, and those from right to left stand right', skip, async (t) => {
  const page = await open(t, await startBoard(t))
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
  for (const text of [hostile, 'שלום, מתי תבואו? 🙂', 'Hello שלום 4711']) await write(page, text)
  const said = message(page, 'שלום, מתי תבואו? 🙂').locator('.text')
  await said.waitFor()
  t.strictSame([await computed(said, 'direction'), await computed(said, 'unicodeBidi')], ['rtl', 'isolate'])
  t.equal(await computed(message(page, 'Hello שלום').locator('.text'), 'direction'), 'ltr')
  t.equal(await message(page, '<img').locator('.text').textContent(), hostile)
  t.equal(await page.title(), 'Order confirmations over WhatsApp')

  await page.getByText('Change what it says', { exact: true }).click()
  await page.getByRole('group', { name: 'Button 1' }).getByLabel('Kind').selectOption('url')
  await page.getByRole('group', { name: 'Button 1' }).getByLabel('What it opens').fill('javascript:document.title=3')
  await page.getByRole('button', { name: 'Send it' }).click()
  const menu = message(page, 'Two loaves of rye').first()
  await menu.waitFor()
  t.equal(await menu.getByRole('link').count(), 0, 'an address of another scheme is none')
})

t.test('it fits a phone, in the light and in the dark', skip, async (t) => {
  const board = await startBoard(t)
  const page = await open(t, board, { viewport: { width: 360, height: 740 }, colorScheme: 'dark', reducedMotion: 'reduce' })
  const brightness = () => page.evaluate('getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).reduce((a, b) => a + b)')
  t.ok(Number(await brightness()) < 150)
  const menu = await send(page, 'Order', 'Two loaves of rye')
  t.equal(await menu.isVisible(), true)
  await write(page, `A-word-that-has-no-end-${'x'.repeat(200)}`)
  await page.getByRole('button', { name: 'nobody knows' }).click()
  await message(page, 'Unrecognized').waitFor()
  t.equal(await isTooWide(page), false)
  await page.getByText('Change what it says', { exact: true }).click()
  await page.getByLabel('Header').waitFor()
  t.equal(await isTooWide(page), false)
  await menu.getByRole('button', { name: 'JSON behind' }).click()
  await page.getByRole('dialog').waitFor()
  t.equal(await isTooWide(page), false)
  await page.emulateMedia({ colorScheme: 'light' })
  t.ok(Number(await brightness()) > 600)
})

for (const [width, height] of [[1280, 800], [360, 740]] as const) {
  t.test(`letters twice as large fit ${width} pixels`, skip, async (t) => {
    const board = await startBoard(t)
    const page = await open(t, board, { viewport: { width, height }, bypassCSP: true, reducedMotion: 'reduce' })
    await page.addStyleTag({ content: 'html { font-size: 200% }' })
    const menu = await send(page, 'Order', 'Two loaves of rye')
    await menu.getByRole('button', { name: 'Yes, all right' }).click()
    await message(page, 'Thank you!').waitFor()
    await page.getByText('Change what it says', { exact: true }).click()
    await postMenu(board)
    await page.getByText('New in another chat').waitFor()
    t.equal(await isTooWide(page), false)
    await menu.getByRole('button', { name: 'JSON behind' }).click()
    await page.getByRole('dialog').waitFor()
    t.equal(await isTooWide(page), false)
  })
}

t.test('with a real account, what only the emulator can do is not offered, and it says why', skip, async (t) => {
  const emulator = await emulate(t)
  const { idInstance, apiTokenInstance } = emulator.instance()
  const page = await open(t, await startBoard(t, { account: { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance } }))
  await page.getByText(`This is the real instance ${idInstance}`).waitFor()
  for (const name of ['Take the receiver down', 'nobody knows', 'Send as the customer']) t.equal(await page.getByRole('button', { name }).count(), 0, name)
  for (const text of ['Only the customer can tap and write: on the phone.', 'are for the emulated GREEN-API']) t.equal(await page.getByText(text).isVisible(), true, text)

  await page.getByLabel('To', { exact: true }).fill('+49 1555 0001234')
  await page.getByRole('button', { name: 'Send it' }).click()
  const menu = message(page, 'Two loaves of rye').first()
  await menu.getByRole('img', { name: 'read', exact: true }).waitFor()
  t.equal(await menu.getByRole('button', { name: 'Yes, all right' }).getAttribute('aria-disabled'), 'true')

  const { body } = await call(emulator, 'lastOutgoingMessages')
  emulator.instance().tap(Object(body)[0].idMessage, 'yes', { device: 'ios' })
  await message(page, 'Thank you! We noted: “Yes, all right”.').waitFor()
  emulator.instance().receive(emulator.instance().build.textMessage({ text: 'From somebody else' }, { chatId: '4915550009999@c.us', chatName: 'Grace' }))
  const chats = page.getByRole('combobox', { name: 'Show the conversation with' })
  await chats.waitFor()
  t.equal(await message(page, 'From somebody else').isVisible(), false, 'each chat by itself')
  await chats.getByRole('option', { name: 'Grace • new' }).waitFor({ state: 'attached' })
  await chats.selectOption('4915550009999@c.us')
  t.equal(await message(page, 'From somebody else').isVisible(), true)
  t.equal(await menu.isVisible(), false)
})
