/**
 * Collects the answers to menus: which button of which menu each customer tapped last.
 *
 * A menu and the taps on it find each other by ids: a tap's `stanzaId` is the `idMessage` of its
 * menu, its `buttonId` the one that the menu gave the button. Texts and positions do not tell: a
 * text may be on two menus, and some devices leave the position out.
 *
 * It posts itself a conversation. Anything real would keep the menus in a database, under the
 * `idMessage` that the sending method returns.
 */
import Fastify from 'fastify'
import greenApi, { type Event } from 'fastify-green-api'
import { conversation, postAll } from './notifications.ts'

const token = 'example-token'
const menus = new Map<string, Event<'interactiveButtons'>>()
const answers = new Map<string, Map<string, string>>()

const app = Fastify({ logger: { level: 'warn' } })
await app.register(greenApi, { token })

// What this account sent comes back: the only place where one finds a menu that another program sent.
app.greenApi.on('interactiveButtons', (menu) => {
  if (menu.direction === 'outgoing') menus.set(menu.idMessage, menu)
})

app.greenApi.on('buttonReply', ({ direction, sender, senderName, data }) => {
  // A tap by this account itself comes back as well, and is no customer's answer.
  if (direction !== 'incoming') return
  const menu = menus.get(data.stanzaId)
  if (menu === undefined) {
    console.log(`${senderName} tapped "${data.buttonText}" of ${data.stanzaId}, which nobody remembers`)
    return
  }
  // Each tap is a notification of its own; a customer may tap again, and the last one counts.
  const given = answers.get(menu.idMessage) ?? new Map<string, string>()
  answers.set(menu.idMessage, given.set(sender, data.buttonId))
  console.log(`${senderName} answered "${menu.data.body}" with "${data.buttonText}"`)
})

const address = await app.listen({ port: 0, host: '127.0.0.1' })
await postAll(conversation, `${address}/green-api`, token)
await app.close()

for (const [idMessage, given] of answers) console.log(`answers to ${idMessage}: ${JSON.stringify(Object.fromEntries(given))}`)
