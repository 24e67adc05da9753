import axe, { type AxeResults } from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startBoard, type Board } from './boards.ts'
import { launchBrowser, openPage, withoutChromium } from './browser.ts'
import { call, emulate } from './emulated.ts'

// A browser takes its time on a machine that is busy.
t.setTimeout(600_000)

let browser: Browser
t.before(async () => { if (withoutChromium === false) browser = await launchBrowser() })
t.teardown(() => browser?.close())
const skip = { skip: withoutChromium }

const open = (t: Test, { url }: Board, options = {}) => openPage(t, browser, url, options)

/** The messages that are shown with this text. */
function message (page: Page, text: string): Locator {
  return page.getByRole('list', { name: 'Messages' }).getByRole('listitem').filter({ hasText: text })
}

/** Sends one of the prepared messages, and resolves with it once it was read. */
async function send (page: Page, name: 'Order' | 'Delivery', text: string): Promise<Locator> {
  await page.getByRole('radio', { name }).check()
  await page.getByRole('button', { name: 'Send it' }).click()
  const sent = message(page, text).first()
  await sent.getByRole('img', { name: 'read', exact: true }).waitFor()
  return sent
}

async function write (page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Write as the customer' }).fill(text)
  await page.keyboard.press('Enter')
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
    const page = await open(t, await startBoard(t), { colorScheme, bypassCSP: true })
    t.strictSame(await barriers(page), [], 'as it is opened')
    const menu = await send(page, 'Order', 'Two loaves of rye')
    await menu.getByRole('button', { name: 'Yes, all right' }).click()
    const thanks = message(page, 'Thank you! We noted')
    await thanks.getByRole('img', { name: 'read', exact: true }).waitFor()
    await page.getByText('Change what it says', { exact: true }).click()
    await page.getByRole('button', { name: 'Take the receiver down' }).click()
    await write(page, 'Still there?')
    await page.getByText('notification waits at GREEN-API').waitFor()
    t.strictSame(await barriers(page), [], 'with a conversation, and the receiver down')
    await menu.getByRole('button', { name: 'JSON behind' }).click()
    await page.getByRole('dialog').waitFor()
    t.strictSame(await barriers(page), [], 'with the JSON of a message')
  })
}

t.test('a stranger sees what this is and what to press first', skip, async (t) => {
  const page = await open(t, await startBoard(t))
  t.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Order confirmations over WhatsApp')
  for (const name of ['The shop', 'Conversation with Ada Lovelace', 'The receiver']) t.equal(await page.getByRole('region', { name }).count(), 1, name)
  t.match(await page.getByText('Send it. The shop’s question arrives here.').textContent(), 'Send it.')
  t.equal(await page.getByRole('button', { name: 'Send it' }).isVisible(), true)
})

t.test('a menu is sent and read, its four kinds of buttons can be used, and a tap is bound to it', skip, async (t) => {
  const page = await open(t, await startBoard(t), { permissions: ['clipboard-read', 'clipboard-write'] })
  // Each stays for two thirds of a second, in which a busy machine may not look.
  await page.evaluate(`globalThis.ticks = new Set()
    new MutationObserver(() => { for (const each of document.querySelectorAll('.ticks')) ticks.add(each.getAttribute('aria-label')) }).observe(document.body, { subtree: true, childList: true })`)
  const menu = await send(page, 'Order', 'Two loaves of rye')
  t.strictSame(await page.evaluate('[...ticks]'), ['on its way to GREEN-API', 'sent', 'delivered', 'read'])
  for (const text of ['Order 4711', 'Corner Bakery']) t.match(await menu.textContent(), text)

  await menu.getByRole('button', { name: 'Copy the pick-up code' }).click()
  await menu.getByText('Copied RYE-4711').waitFor()
  t.equal(await page.evaluate('navigator.clipboard.readText()'), 'RYE-4711')

  for (const [device, typeMessage] of [['Android', 'interactiveButtonsResponse'], ['iOS', 'templateButtonsReplyMessage'], ['Web', 'templateButtonReplyMessage']] as const) {
    await page.getByRole('radio', { name: device }).check()
    const taps = await message(page, 'Tapped').filter({ hasText: 'Ada Lovelace' }).count()
    await menu.getByRole('button', { name: 'Yes, all right' }).click()
    const thanks = message(page, 'Thank you! We noted: “Yes, all right”.').nth(taps / 2)
    await thanks.getByRole('img', { name: 'read', exact: true }).waitFor()
    const tap = thanks.getByRole('button', { name: 'In answer to Ada Lovelace' })
    await tap.click()
    t.match(await page.locator('li:focus').getByRole('button', { name: 'In answer to Shop Order 4711' }).count(), 1, 'the tap names its menu')
    await page.locator('li:focus').getByRole('button', { name: 'JSON behind' }).click()
    const dialog = page.getByRole('dialog')
    t.match(await dialog.textContent(), `"typeMessage": "${typeMessage}"`)
    t.match(await dialog.getByRole('heading', { level: 2 }).textContent(), 'Behind “Tapped: Yes, all right”')
    await page.keyboard.press('Escape')
  }
  t.equal(await menu.getByRole('button', { name: 'Yes, all right chosen' }).count(), 1)

  const delivery = await send(page, 'Delivery', 'Your order is on its way')
  t.equal(await delivery.getByRole('link', { name: 'Call the courier' }).getAttribute('href'), 'tel:+4915550001000')
  const link = delivery.getByRole('link', { name: 'Follow the courier' })
  t.equal(await link.getAttribute('href'), 'https://example.com/orders/4711')
  t.equal(await link.getAttribute('rel'), 'noopener noreferrer')
  await delivery.getByRole('button', { name: 'JSON behind' }).click()
  const json = await page.getByRole('dialog').textContent()
  for (const text of ['"typeWebhook": "outgoingAPIMessageReceived"', '"contentText"', '"status": "delivered"', 'What a listener to “interactiveButtons” receives']) t.match(json, text)
})

t.test('what one composes is sent, and what GREEN-API refuses is said at its field', skip, async (t) => {
  const page = await open(t, await startBoard(t))
  await page.getByLabel('Header').fill('Hand-written')
  await page.getByLabel('Body').fill('')
  await page.getByRole('button', { name: 'Send it' }).click()
  await page.getByRole('alert').filter({ hasText: "Validation failed. Details: 'body' is not allowed to be empty" }).waitFor()
  const body = page.getByLabel('Body')
  t.equal(await body.getAttribute('aria-invalid'), 'true')
  t.equal(await body.evaluate('document.activeElement.name'), 'body')

  await body.fill('Which?')
  await page.getByRole('button', { name: 'Add a button' }).click()
  await page.getByRole('button', { name: 'Send it' }).click()
  await page.getByRole('alert').filter({ hasText: 'must contain less than or equal to 3 items' }).waitFor()
  await page.getByRole('button', { name: 'Remove button 4' }).click()
  const second = page.getByRole('group', { name: 'Button 2' })
  await second.getByLabel('Text').fill('A text that is longer than any button')
  await page.getByRole('button', { name: 'Send it' }).click()
  await page.getByRole('alert').filter({ hasText: "'buttons[1].buttonText' length must be" }).waitFor()
  t.equal(await second.getByLabel('Text').getAttribute('aria-invalid'), 'true')
  await second.getByLabel('Text').fill('This one')
  await page.getByRole('button', { name: 'Send it' }).click()
  await message(page, 'Hand-written').getByRole('button', { name: 'This one' }).waitFor()
  t.equal(await page.getByRole('alert').filter({ hasText: 'Validation' }).count(), 0)
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
  t.equal(await message(page, 'One').count(), 0)
  await receiver.getByRole('button', { name: 'Bring the receiver up again' }).click()
  await message(page, 'Three').waitFor()
  await receiver.getByText(/^0 notifications wait/).waitFor()
  const log = page.getByRole('log')
  for (const text of ['The receiver is up again. 3 waiting.', 'Ada Lovelace: Three']) t.match(await log.textContent(), text)
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
  await page.keyboard.press('Tab')
  t.equal(await name(), 'Skip to the conversation')
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
  await message(page, 'Thank you! We noted: “Leave it at the door”.').waitFor()
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
  await chats.selectOption('Grace')
  t.equal(await message(page, 'From somebody else').isVisible(), true)
  t.equal(await menu.isVisible(), false)
})
