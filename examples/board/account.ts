import { Api } from './api.ts'
import { webhookPath, type Behind } from './behind.ts'
import type { Settings } from './settings.ts'

/**
 * Uses a GREEN-API account. Polling needs no public address. With a `webhookUrlToken` GREEN-API posts notifications
 * instead, as an instance cannot do both.
 */
export function realAccount (account: NonNullable<Settings['account']>, webhookToken: string | undefined): Behind {
  return {
    options: webhookToken === undefined
      ? { path: false, poll: account }
      : { path: webhookPath, token: webhookToken },
    api: new Api(() => account),
    hello: {
      mode: 'account',
      receiving: webhookToken === undefined ? 'polled' : 'posted',
      idInstance: account.idInstance,
      chatId: '',
      speed: 1
    },
    state: () => ({ now: Date.now(), receiver: 'up', queue: undefined, lost: 0, deliveries: [] }),
    knows: () => true,
    prepare () {},
    addRoutes () {}
  }
}
