/** `npm run screenshots` creates the README's pictures of the page. */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core'
import { startDev } from '../lib/dev/index.ts'

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url))
mkdirSync(folder, { recursive: true })

const pictures: Readonly<Record<string, BrowserContextOptions>> = {
  'dev-light': { viewport: { width: 1440, height: 860 }, colorScheme: 'light' },
  'dev-dark': { viewport: { width: 1440, height: 860 }, colorScheme: 'dark' },
  'dev-phone': { viewport: { width: 390, height: 780 }, colorScheme: 'light' }
}

/** Sends a menu and taps a button. The tap's event is then in the inspector. */
async function play (page: Page): Promise<void> {
  const messages = page.getByRole('list', { name: 'Messages' }).getByRole('listitem')
  await page.getByRole('button', { name: 'Send menu' }).first().click()
  const menu = messages.filter({ hasText: 'Corner Bakery' })
  await menu.getByRole('img', { name: 'Read', exact: true }).waitFor()
  await page.getByRole('radio', { name: 'Customer' }).check()
  await menu.getByRole('button', { name: 'Yes, all right' }).click()
  await messages.filter({ hasText: 'Thank you!' }).getByRole('img', { name: 'Read', exact: true }).waitFor()
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'
  ]
})
for (const [name, options] of Object.entries(pictures)) {
  const server = await startDev()
  const page = await browser.newPage({ ...options, reducedMotion: 'reduce' })
  await page.goto(server.url)
  await page.locator('body[data-connection="live"]').waitFor()
  await play(page)
  await page.screenshot({ path: `${folder}${name}.png` })
  await server.close()
}
await browser.close()
