/** A text without a secret. */
export function redact (text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '…')
}
