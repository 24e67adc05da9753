/** The headers with which GREEN-API posts a notification: a token that carries a scheme itself is sent as it is. */
export function postHeaders (webhookUrlToken: string): Record<string, string> {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  if (webhookUrlToken === '') return headers
  const authorization = /^(?:bearer|basic) /i.test(webhookUrlToken) ? webhookUrlToken : `Bearer ${webhookUrlToken}`
  // Node writes headers as latin1: so that the bytes are those of the token.
  return { ...headers, authorization: Buffer.from(authorization).toString('latin1') }
}
