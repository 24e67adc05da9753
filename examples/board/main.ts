/**
 * The board: a shop that confirms orders by menus, and a page that shows what happens between it,
 * GREEN-API and its customers. Open it in a browser.
 *
 * Without an account GREEN-API is emulated, and you are the customer as well. With
 * GREEN_API_ID_INSTANCE and GREEN_API_TOKEN_INSTANCE set it uses that account, by polling;
 * GREEN_API_URL is the instance's apiUrl. With GREEN_API_WEBHOOK_TOKEN set as well it waits to be
 * posted to instead. PORT and HOST say where the page is.
 */
import { buildBoard } from './board.ts'
import { readSettings } from './settings.ts'

try {
  const { port, ...settings } = readSettings(process.env)
  const app = await buildBoard(settings)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { app.close() })
  const address = await app.listen({ port, host: settings.host })
  const account = settings.account === undefined ? 'GREEN-API is emulated' : `with GREEN-API's instance ${settings.account.idInstance}`
  console.log(`the board is on ${nameLoopback(address)} (${account}); end with Ctrl+C`)
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}

// As the README calls it, by which a browser gets there as well.
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
