/** `npm run screenshots` creates the README's pictures of the board. */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core'
import { buildBoard } from './board.ts'

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url))
mkdirSync(folder, { recursive: true })

const pictures: Readonly<Record<string, BrowserContextOptions>> = {
  'board-light': { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  'board-dark': { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  'board-phone': { viewport: { width: 360, height: 740 }, colorScheme: 'light' }
}

/** Plays a conversation that ends with queued notifications. */
async function play (page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send it' }).click()
  const menu = page.getByRole('listitem').filter({ hasText: 'Corner Bakery' }).first()
  await menu.getByRole('img', { name: 'read', exact: true }).waitFor()
  await menu.getByRole('button', { name: 'Yes, all right' }).click()
  const thanks = page.getByRole('listitem').filter({ hasText: 'Thank you!' })
  await thanks.getByRole('img', { name: 'read', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Take the receiver down' }).click()
  for (const text of ['Until when are you open?', 'And do you have rye?']) {
    await page.getByRole('textbox', { name: 'Write as the customer' }).fill(text)
    await page.keyboard.press('Enter')
  }
  await page.getByText('→ 503').waitFor()
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'
  ]
})
for (const [name, options] of Object.entries(pictures)) {
  const app = await buildBoard({ host: '127.0.0.1', account: undefined, webhookToken: undefined })
  const page = await browser.newPage({ ...options, reducedMotion: 'reduce' })
  await page.goto(await app.listen({ host: '127.0.0.1', port: 0 }))
  await play(page)
  if (name.endsWith('phone')) await page.getByRole('region', { name: /^Conversation with/ }).scrollIntoViewIfNeeded()
  await page.screenshot({ path: `${folder}${name}.png` })
  await app.close()
}
await browser.close()
