/**
 * Collects the answers to menus: the last button of each menu that each customer tapped.
 *
 * Match a button reply by its ids: `stanzaId` is the `idMessage` of the menu, and `buttonId` is the button's id in the
 * menu. Do not match on text or position: two menus can have the same text, and some devices omit the position.
 *
 * The example posts a conversation to itself. An application would store the menus in a database, under the `idMessage`
 * that the sending method returns.
 */
import Fastify from 'fastify'
import greenApi, { type Event } from 'fastify-green-api'
import { conversation, postAll } from './notifications.ts'

const token = 'example-token'
const menus = new Map<string, Event<'interactiveButtons'>>()
const answers = new Map<string, Map<string, string>>()

const app = Fastify({ logger: { level: 'warn' } })
await app.register(greenApi, { token })

// Menus that this account sends arrive as well, including those of other programs.
app.greenApi.on('interactiveButtons', (menu) => {
  if (menu.direction === 'outgoing') menus.set(menu.idMessage, menu)
})

app.greenApi.on('buttonReply', ({ direction, sender, senderName, data }) => {
  // A reply by this account is not a customer's answer.
  if (direction !== 'incoming') return
  const menu = menus.get(data.stanzaId)
  if (menu === undefined) {
    console.log(`${senderName} tapped "${data.buttonText}" of ${data.stanzaId}, which nobody remembers`)
    return
  }
  // A customer can tap several times. The last tap counts.
  const given = answers.get(menu.idMessage) ?? new Map<string, string>()
  answers.set(menu.idMessage, given.set(sender, data.buttonId))
  console.log(`${senderName} answered "${menu.data.body}" with "${data.buttonText}"`)
})

const address = await app.listen({ port: 0, host: '127.0.0.1' })
await postAll(conversation, `${address}/green-api`, token)
await app.close()

for (const [idMessage, given] of answers) {
  console.log(`answers to ${idMessage}: ${JSON.stringify(Object.fromEntries(given))}`)
}
