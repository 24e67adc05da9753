import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import type { Test } from 'tap'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** The reason to skip tests that need a browser, or `false`. */
export const withoutChromium = existsSync(executablePath)
  ? false
  : 'needs Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH'

/** Starts a browser without background requests. */
export async function launchBrowser (): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'
    ]
  })
}

/** Opens an address in its own window, which closes when the test ends. An error on the page fails the test. */
export async function openPage (
  t: Test,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {}
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  page.on('pageerror', ({ message }) => { errors.push(message) })
  // Chromium reports violations of the Content Security Policy only on the console.
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) errors.push(message.text())
  })
  t.teardown(() => { if (errors.length > 0) throw new Error(`on the page: ${errors.join('; ')}`) })
  await page.goto(url)
  await page.locator('body[data-connection="live"]').waitFor()
  return page
}
