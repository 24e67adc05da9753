import type { Locator, Page } from 'playwright-core'

/** Finds the messages with this text. */
export function message (page: Page, text: string): Locator {
  return page.getByRole('list', { name: 'Messages' }).getByRole('listitem').filter({ hasText: text })
}

/** Finds the lines of the log with this text. */
export function line (page: Page, text: string): Locator {
  return page.getByRole('list', { name: /^Notifications/ }).getByRole('button').filter({ hasText: text })
}

/** Sends the menu of the composer, and resolves with its message when it is read. */
export async function sendMenu (page: Page): Promise<Locator> {
  await page.getByRole('radio', { name: 'Shop' }).check()
  await page.getByRole('button', { name: 'Send menu' }).last().click()
  const sent = message(page, 'Corner Bakery').last()
  await sent.getByRole('img', { name: 'Read', exact: true }).waitFor()
  return sent
}

/** Writes a text as the customer. */
export async function write (page: Page, text: string): Promise<void> {
  await page.getByRole('radio', { name: 'Customer' }).check()
  await page.getByRole('textbox', { name: 'Message as the customer' }).fill(text)
  await page.keyboard.press('Enter')
}
