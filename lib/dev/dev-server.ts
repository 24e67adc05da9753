import type { Credentials } from '../green-api/index.ts'
import { Sender } from '../sending/index.ts'
import { createAccountSource } from './account-source.ts'
import { createEmulatedSource } from './emulated-source.ts'
import { rejectOtherSites } from './guard.ts'
import type { TargetStatus } from './protocol.ts'
import { Session } from './session.ts'
import { buildShop } from './shop.ts'

/** The options of `startDev`. */
export interface DevOptions {
  /** The URL that notifications are posted to. Default: the example shop, in the same process. */
  readonly to?: URL | undefined
  /** The token in the `Authorization` header of notifications. Default: none. */
  readonly token?: string | undefined
  /** The port of the page and the API. Default: 0, any free port. */
  readonly port?: number | undefined
  /** A real account, which is polled. Default: none, GREEN-API is emulated. */
  readonly account?: Credentials | undefined
  /** Called when the developer's server starts or stops to accept connections. */
  readonly onTarget?: ((status: TargetStatus) => void) | undefined
}

/** A running page. */
interface DevServer {
  /** The address of the page, which is also the emulator's `apiUrl`. */
  readonly url: string
  /** The URL that notifications are posted to. */
  readonly target: string
  close (): Promise<void>
}

/** Starts the page on 127.0.0.1, and posts notifications to the developer's server. */
export async function startDev ({ to, token, port = 0, account, onTarget }: DevOptions = {}): Promise<DevServer> {
  const webhookToken = token ?? (to === undefined ? 'example-token' : '')
  const source = account === undefined ? createEmulatedSource(webhookToken) : createAccountSource(account, webhookToken)
  let sender: Sender | undefined
  // The emulator has no API URL before it listens.
  const getSender = () => (sender ??= new Sender(source.credentials))
  const shop = to === undefined ? await buildShop(webhookToken, getSender) : undefined
  const session = new Session(source, { getSender, isExample: shop !== undefined, onTarget })
  source.server.addHook('onRequest', rejectOtherSites)
  source.server.register((page) => session.addRoutes(page))
  try {
    const url = await source.listen(port)
    const target = to ?? new URL('/green-api', await shop?.listen({ host: '127.0.0.1', port: 0 }))
    await session.start(target)
    return {
      url,
      target: target.href,
      async close () {
        session.stop()
        await source.close()
        await shop?.close()
      }
    }
  } catch (error) {
    await source.close()
    await shop?.close()
    throw error
  }
}
