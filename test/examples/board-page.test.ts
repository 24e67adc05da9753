import type { Browser } from 'playwright-core'
import t, { type Test } from 'tap'
import { message, send } from '../helpers/board-page.ts'
import { startBoard, type Board } from '../helpers/boards.ts'
import { launchBrowser, openPage, withoutChromium } from '../helpers/browser.ts'

// A browser takes its time on a machine that is busy.
t.setTimeout(600_000)

let browser: Browser
t.before(async () => { if (withoutChromium === false) browser = await launchBrowser() })
t.teardown(() => browser?.close())
const skip = { skip: withoutChromium }

const open = (t: Test, { url }: Board, options = {}) => openPage(t, browser, url, options)

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
    await message(page, `Tapped · ${typeMessage}`).last().waitFor()
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
