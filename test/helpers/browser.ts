import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import type { Test } from 'tap'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Why tests that need a browser are skipped here; `false` where they are not. */
export const withoutChromium = existsSync(executablePath)
  ? false
  : 'needs Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH'

/** Starts a browser that asks for nothing but what it is told to. */
export async function launchBrowser (): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  })
}

/** Opens an address in a window of its own, closed when the test ends, in which no error may occur. */
export async function openPage (t: Test, browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  page.on('pageerror', ({ message }) => { errors.push(message) })
  // What the policy forbids is told here alone.
  page.on('console', (message) => { if (/Content Security Policy|Trusted/i.test(message.text())) errors.push(message.text()) })
  t.teardown(() => { if (errors.length > 0) throw new Error(`on the page: ${errors.join('; ')}`) })
  await page.goto(url)
  await page.getByText('Live', { exact: true }).waitFor()
  return page
}
