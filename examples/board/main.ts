/**
 * The board: a shop that confirms orders with menus, and a page that shows its messages and events. Open the page in a
 * browser.
 *
 * Without an account the board emulates GREEN-API, and you are also the customer. Set GREEN_API_ID_INSTANCE and
 * GREEN_API_TOKEN_INSTANCE to poll a real account, and GREEN_API_URL to the instance's apiUrl. Also set
 * GREEN_API_WEBHOOK_TOKEN to receive notifications on the webhook route instead. PORT and HOST are the page's address.
 */
import { buildBoard } from './board.ts'
import { readSettings } from './settings.ts'

try {
  const { port, ...settings } = readSettings(process.env)
  const app = await buildBoard(settings)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { app.close() })
  const address = await app.listen({ port, host: settings.host })
  const account = settings.account === undefined
    ? 'GREEN-API is emulated'
    : `with GREEN-API's instance ${settings.account.idInstance}`
  console.log(`the board is on ${nameLoopback(address)} (${account}); end with Ctrl+C`)
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}

// The README uses localhost.
function nameLoopback (address: string): string {
  return address.replace(/\/\/(?:127\.0\.0\.1|\[::1\])/, '//localhost')
}

function explain (error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code, port } = Object(error)
  switch (code) {
    case 'EADDRINUSE': return `Port ${port} is taken: PORT=${Number(port) + 1} npm start`
    case 'EACCES': return `Port ${port} needs the rights of an administrator: PORT=3000 npm start`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND': return `HOST is not an address of this machine (${error.message}): HOST=localhost npm start`
  }
  return error.message
}
