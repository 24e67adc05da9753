import type { Locator, Page } from 'playwright-core'

/** Finds the messages with this text. */
export function message (page: Page, text: string): Locator {
  return page.getByRole('list', { name: 'Messages' }).getByRole('listitem').filter({ hasText: text })
}

/** Sends a prepared message, and resolves with it once it is read. */
export async function send (page: Page, name: 'Order' | 'Delivery', text: string): Promise<Locator> {
  await page.getByRole('radio', { name }).check()
  await page.getByRole('button', { name: 'Send it' }).click()
  const sent = message(page, text).first()
  await sent.getByRole('img', { name: 'read', exact: true }).waitFor()
  return sent
}

export async function write (page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Write as the customer' }).fill(text)
  await page.keyboard.press('Enter')
}
