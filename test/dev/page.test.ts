import Fastify from 'fastify'
import greenApi, { type Event } from 'fastify-green-api'
import type { Browser } from 'playwright-core'
import t from 'tap'
import { launchBrowser, openPage, withoutChromium } from '../helpers/browser.ts'
import { line, message, sendMenu } from '../helpers/dev-page.ts'
import { startTestDev } from '../helpers/dev-servers.ts'

// A browser is slow on a busy machine.
t.setTimeout(600_000)

let browser: Browser
t.before(async () => { if (withoutChromium === false) browser = await launchBrowser() })
t.teardown(() => browser?.close())

t.test('a tap on the page reaches the listener of the server, and its event is shown', { skip: withoutChromium }, async (t) => {
  const app = Fastify()
  await app.register(greenApi, { token: 'secret' })
  const taps: Event<'buttonReply'>[] = []
  app.greenApi.on('buttonReply', async (event) => { taps.push(event) })
  t.teardown(() => app.close())
  const to = new URL('/green-api', await app.listen({ host: '127.0.0.1', port: 0 }))
  const page = await openPage(t, browser, (await startTestDev(t, { to, token: 'secret' })).url, {
    permissions: ['clipboard-read', 'clipboard-write']
  })
  t.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'fastify-green-api')
  for (const name of ['Conversation', 'Log', 'Inspector']) t.equal(await page.getByRole('region', { name }).count(), 1, name)
  await page.getByText('Receiving', { exact: true }).waitFor()

  const menu = await sendMenu(page)
  t.equal(await page.getByRole('button', { name: 'Send menu' }).isVisible(), true, 'the composer stays open')
  await page.getByRole('radio', { name: 'Customer' }).check()
  await page.getByRole('radio', { name: 'iOS' }).check()
  await menu.getByRole('button', { name: 'Yes, all right' }).click()
  await menu.getByText('tapped').waitFor()
  await line(page, 'buttonReply').filter({ hasText: '200' }).waitFor()
  t.match(taps, [{ typeMessage: 'templateButtonsReplyMessage', data: { buttonId: 'yes' } }])

  const inspector = page.getByRole('region', { name: 'buttonReply' })
  t.match(await inspector.getByRole('tabpanel').textContent(), '"buttonId": "yes"', 'the result of the tap is selected')
  await inspector.getByRole('tab', { name: 'JSON' }).click()
  t.match(await inspector.getByRole('tabpanel').textContent(), '"typeMessage": "templateButtonsReplyMessage"')
  await inspector.getByRole('tab', { name: 'Response' }).click()
  t.match(await inspector.getByRole('tabpanel').textContent(), /200Attempt 1.*ms/)
  await inspector.getByRole('tab', { name: 'Code' }).click()
  await inspector.getByRole('button', { name: 'Copy code' }).click()
  t.match(await page.evaluate('navigator.clipboard.readText()'), "app.greenApi.on('buttonReply', async ({ chatId, data }) => {")

  await message(page, 'Corner Bakery').getByRole('button', { name: /^Inspect/ }).click()
  const related = page.getByRole('group', { name: 'Notifications of this message' })
  t.strictSame(await related.getByRole('button').allTextContents(), ['interactiveButtons', 'sent', 'delivered', 'read'])
  await related.getByRole('button', { name: 'delivered' }).click()
  await page.getByRole('region', { name: 'outgoingMessageStatus' }).waitFor()
})
