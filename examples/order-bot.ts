/**
 * A bot that confirms orders: it answers a text with a menu, and the tap on a button with a text.
 *
 * With GREEN_API_ID_INSTANCE it uses your account and waits for messages, by polling. Without it, it writes to itself:
 * GREEN-API and the customer are emulated.
 */
import { pathToFileURL } from 'node:url'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { type Event, type GreenApiOptions } from 'fastify-green-api'
import { Emulator } from 'fastify-green-api/emulator'
import { SendError, Sender, defineMenu } from 'fastify-green-api/sending'

export const confirm = defineMenu('confirm', {
  header: 'Your order',
  body: (order) => `Shall we deliver ${order}?`,
  choices: { yes: 'Yes', no: 'No' }
})

/** Builds the bot. `done` has the ids of the events that were answered: a real bot stores them in its database. */
export async function buildBot (options: GreenApiOptions, sender: Sender, done: Set<string>): Promise<FastifyInstance> {
  const app = Fastify({ logger: { level: 'warn' } })
  await app.register(greenApi, options)

  // A listener that fails is called again with the same event. What it has sent must not be sent twice.
  async function once ({ id }: Event | Event<'incomingText'>, send: () => Promise<unknown>): Promise<void> {
    if (done.has(id)) return
    done.add(id)
    try {
      await send()
    } catch (error) {
      // Only what certainly was not sent may be sent again.
      if (error instanceof SendError && !error.mayHaveBeenSent) done.delete(id)
      throw error
    }
  }

  app.greenApi.on('incomingText', (event) => once(event, () => {
    // The buttons carry at most 256 bytes. A real bot stores the order, and passes its number.
    return sender.reply(event, confirm(event.data.text.slice(0, 50)))
  }))

  app.greenApi.on('buttonReply', confirm.on({
    yes: ({ payload, event, reply }) => once(event, () => reply(`Thank you! We deliver ${payload} today.`)),
    no: ({ payload, event, reply }) => once(event, () => reply(`What is wrong with ${payload}?`))
  }, { sender }))
  return app
}

async function main (): Promise<void> {
  const { GREEN_API_ID_INSTANCE: idInstance, GREEN_API_TOKEN_INSTANCE: apiTokenInstance, GREEN_API_URL: apiUrl } =
    process.env
  if (idInstance === undefined) {
    await converse()
    return
  }
  const instance = { apiUrl, idInstance, apiTokenInstance }
  const app = await buildBot({ path: false, poll: instance }, new Sender(instance), new Set())
  await app.ready()
  console.log('waiting for messages; end with Ctrl+C')
  process.once('SIGINT', () => { app.close() })
}

/** Lets an emulated customer order and confirm. The bot is restarted in between. */
async function converse (): Promise<void> {
  const emulator = new Emulator({ clock: { speed: 60 } })
  const customer = emulator.instance()
  const instance = {
    apiUrl: await emulator.listen(), idInstance: customer.idInstance, apiTokenInstance: customer.apiTokenInstance
  }
  const start = async () => {
    const app = await buildBot({ path: false, poll: instance }, new Sender(instance), new Set())
    await app.ready()
    return app
  }

  let app = await start()
  customer.receive(customer.build.textMessage({ text: 'two pizzas' }))
  await emulator.idle()
  await app.close()

  app = await start()
  const [menu] = customer.messages('outgoing')
  customer.tap(String(menu?.idMessage), confirm('two pizzas').buttons[0]?.buttonId ?? '')
  await emulator.idle()
  await app.close()

  for (const message of customer.messages().reverse()) {
    const { textMessage, interactiveButtons, interactiveButtonsResponse } = Object(message)
    const text = textMessage ?? interactiveButtons?.contentText ?? `[${interactiveButtonsResponse.selectedDisplayText}]`
    console.log(`${message.type === 'incoming' ? 'customer' : 'bot'}: ${text}`)
  }
  await emulator.close()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
