/** A text without a secret. */
export function hide (text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '…')
}
