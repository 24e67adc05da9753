import { Emulator, type InstanceOptions } from 'fastify-green-api/emulator'
import t, { type Test } from 'tap'
import { call, emulate, send } from '../helpers/emulated.ts'
import { until } from '../helpers/until.ts'

const chatId = '4915550001234@c.us'
const group = '120363000000000001@g.us'
const reply = { buttonId: 'yes', buttonText: 'Yes' }

/** The bodies of the instance's notifications, as they are queued. */
function collectBodies (emulator: Emulator) {
  const bodies: Array<ReturnType<typeof JSON.parse>> = []
  emulator.on('queued', ({ text }) => { bodies.push(JSON.parse(text)) })
  return bodies
}

async function emulateInstance (t: Test, options: InstanceOptions, statuses = ['sent']) {
  const emulator = await emulate(t, { instances: [options], statuses: () => statuses })
  return { emulator, instance: emulator.instance(), bodies: collectBodies(emulator) }
}

function setSettings (emulator: Emulator, body: object) {
  return call(emulator, 'setSettings', { verb: 'POST', body })
}

t.test('setSettings accepts every documented setting, and getSettings returns it', async (t) => {
  const { emulator } = await emulateInstance(t, {})
  const documented = {
    webhookUrl: 'http://127.0.0.1:9/',
    webhookUrlToken: 'secret',
    delaySendMessagesMilliseconds: 1000,
    markIncomingMessagesReaded: 'yes',
    markIncomingMessagesReadedOnReply: 'yes',
    keepOnlineStatus: 'yes',
    incomingWebhook: 'no',
    outgoingWebhook: 'no',
    outgoingMessageWebhook: 'no',
    outgoingAPIMessageWebhook: 'no',
    stateWebhook: 'no',
    pollMessageWebhook: 'no',
    incomingCallWebhook: 'no',
    outgoingCallWebhook: 'no',
    incomingBlockWebhook: 'no',
    editedMessageWebhook: 'no',
    deletedMessageWebhook: 'no',
    deviceWebhook: 'no',
    statusInstanceWebhook: 'no',
    avatarInfoWebhook: 'no',
    catalogWebhook: 'yes',
    enableLidMode: 'yes',
    enableMessagesHistory: 'yes',
    sharedSession: 'yes',
    linkPreview: 'no',
    autoTyping: 5,
    proxyInstance: 'proxy.example',
    countryInstance: 'de',
    typeAccount: 'business',
    downloadUrlJpeg: 'yes'
  }

  for (const [name, value] of Object.entries(documented)) {
    t.match(await setSettings(emulator, { [name]: value }), { status: 200, body: { saveSettings: true } }, name)
  }
  t.match((await call(emulator, 'getSettings')).body, documented)
})

t.test('getSettings spells settings as yes or no, whatever their spelling in setSettings', async (t) => {
  const spellings = [[true, 'yes'], [1, 'yes'], ['yes', 'yes'], [false, 'no'], [0, 'no'], ['no', 'no']] as const
  for (const [given, spelled] of spellings) {
    const { emulator, instance } = await emulateInstance(t, {})
    t.equal((await setSettings(emulator, { incomingWebhook: given, linkPreview: given })).status, 200)
    t.match((await call(emulator, 'getSettings')).body, { incomingWebhook: spelled, linkPreview: spelled })

    instance.receive(instance.build.textMessage())
    t.equal(instance.queue.size, spelled === 'yes' ? 1 : 0, `${JSON.stringify(given)} turns notifications on or off`)
  }
  const { emulator, instance } = await emulateInstance(t, { settings: { incomingWebhook: false, autoTyping: true } })
  t.match(instance.settings, { incomingWebhook: 'no', autoTyping: true })
  await instance.applySettings({ incomingWebhook: 1 })
  t.equal(instance.settings.incomingWebhook, 'yes')
  await setSettings(emulator, { delaySendMessagesMilliseconds: '2000' })
  t.equal(instance.settings.delaySendMessagesMilliseconds, 2000)
  t.match(await setSettings(emulator, { autoTyping: [] }), {
    status: 400,
    body: { message: /'autoTyping' must be one of \[string, number, boolean\]/ }
  })
})

t.test('LID mode replaces the ids of chats and accounts in notifications and journals', async (t) => {
  const { emulator, instance, bodies } = await emulateInstance(t, { settings: { enableLidMode: 'yes' } })
  const body = { chatId, body: 'Is it right?', buttons: [reply] }
  const idMessage = await send(emulator, 'sendInteractiveButtonsReply', body)
  await emulator.clock.advance(5000)
  const tap = instance.tap(idMessage, 'yes')
  instance.receive(instance.build.incomingBlock())
  instance.receive(instance.build.textMessage({}, { chatId: group }))

  const [message, status, tapped, block, inGroup] = bodies
  const lid = message.senderData.chatId
  t.match(lid, /^\d{15}@lid$/)
  t.equal(status.chatId, lid)
  t.match(tapped.senderData, { chatId: lid, sender: lid })
  t.strictSame(tapped, tap)
  t.equal(block.chatId, lid)
  t.match(inGroup.senderData, { chatId: group, sender: lid })
  const withoutInstance = JSON.stringify(bodies.map(({ instanceData, ...body }) => body))
  t.notMatch(withoutInstance, '4915550001234', 'no member has the phone number')
  t.notMatch(withoutInstance, '@c.us')

  for (const id of [lid, chatId]) {
    const history = await call(emulator, 'getChatHistory', { verb: 'POST', body: { chatId: id } })
    t.match(history.body, [{ chatId: lid, senderId: lid }, { idMessage, chatId: lid }])
    const found = await call(emulator, 'getMessage', { verb: 'POST', body: { chatId: id, idMessage } })
    t.match(found.body, { idMessage, chatId: lid })
  }
  t.match((await call(emulator, 'lastOutgoingMessages')).body, [{ chatId: lid }])
  t.match(instance.messages('outgoing'), [{ chatId: lid }])
})

t.test('LID mode can be switched, and an id without a number still reaches its chat', async (t) => {
  const { emulator, instance, bodies } = await emulateInstance(t, { settings: { enableLidMode: 'yes' } }, [])
  instance.receive(instance.build.textMessage())
  const lid = bodies[0].senderData.chatId
  await send(emulator, 'sendMessage', { chatId: lid, message: 'Hello' })
  await emulator.clock.advance(1000)
  await setSettings(emulator, { enableLidMode: false })
  await send(emulator, 'sendMessage', { chatId: lid, message: 'Hello again' })
  await emulator.clock.advance(1000)

  t.strictSame(bodies.map(({ senderData }) => senderData.chatId), [lid, lid, chatId])
  const unknown = '120650379300963@lid'
  instance.receive(instance.build.textMessage({}, { chatId: unknown }))
  t.equal(bodies[3].senderData.chatId, unknown)
})

t.test('checkWhatsapp returns the id without and with the phone number', async (t) => {
  const emulator = await emulate(t, {
    statuses: ({ senderData }) => senderData.chatId === '5@c.us' ? ['noAccount'] : ['sent']
  })
  const check = (body: object) => call(emulator, 'checkWhatsapp', { verb: 'POST', body })
  const { status, body: contact } = await check({ phoneNumber: 4915550001234 })

  t.equal(status, 200)
  t.match(contact, { existsWhatsapp: true, chatId: /^\d{15}@lid$/, phoneNumber: chatId })
  t.strictSame((await check({ phoneNumber: '4915550001234' })).body, contact)
  t.strictSame((await check({ chatId })).body, contact)
  t.strictSame((await check({ chatId: contact.chatId })).body, contact)
  t.strictSame((await check({ phoneNumber: 5 })).body, { existsWhatsapp: false })
  t.equal((await check({})).status, 400)
})

t.test('instances have the network of the option typeInstance', async (t) => {
  for (const [typeInstance, customer] of [
    ['whatsapp', chatId], ['waba', chatId], ['v3', '10000000'], ['telegram', '10000000']
  ] as const) {
    const { emulator, instance, bodies } = await emulateInstance(t, { typeInstance, idInstance: '310300000001' }, [])
    instance.receive(instance.build.textMessage())
    await send(emulator, 'sendMessage', { chatId: customer, message: 'Hello' })
    await emulator.clock.advance(1000)

    const instanceData = { idInstance: 310300000001, typeInstance }
    t.match(bodies, [
      { instanceData, senderData: { chatId: customer, sender: customer } },
      { instanceData, senderData: { chatId: customer } }
    ])
    t.match((await call(emulator, 'getSettings')).body, { typeInstance })
  }
})

t.test('paths of MAX begin with /v3, also without it', async (t) => {
  const instances = [{ idInstance: 3103000001, typeInstance: 'v3' as const }, { idInstance: 1101000001 }]
  const emulator = await emulate(t, { instances })
  const ask = (path: string) => fetch(`${emulator.apiUrl}${path}/getStateInstance/emulated-token`)

  t.equal((await ask('/v3/waInstance3103000001')).status, 200)
  t.equal((await ask('/waInstance3103000001')).status, 200)
  t.equal((await ask('/v3/waInstance1101000001')).status, 404, 'another network')
  const wrong = await fetch(`${emulator.apiUrl}/v3/waInstance3103000001/getNothing/emulated-token`)
  t.notMatch(await wrong.text(), 'emulated-token')
})

t.test('sendTemplate sends a template message of the WhatsApp Business API', async (t) => {
  const { emulator, bodies } = await emulateInstance(t, { typeInstance: 'waba' }, [])
  const template = { templateId: 'order_ready_1', params: ['Ann', '4711'] }
  const idMessage = await send(emulator, 'sendTemplate', { chatId, ...template })
  await emulator.clock.advance(1000)

  const messageData = { typeMessage: 'templateMessage', messageData: template }
  t.match(bodies, [{ typeWebhook: 'outgoingAPIMessageReceived', idMessage, messageData }])
  const other = await emulate(t)
  const refused = await call(other, 'sendTemplate', { verb: 'POST', body: { chatId, ...template } })
  t.equal(refused.status, 404, 'an instance of WhatsApp does not have the method')
})

t.test('menus can be sent to groups, with a quoted message', async (t) => {
  const { emulator, instance, bodies } = await emulateInstance(t, {}, [])
  const question = instance.build.textMessage({ text: 'Is it there yet?' }, { chatId: group })
  instance.receive(question)
  for (const method of ['sendInteractiveButtons', 'sendInteractiveButtonsReply']) {
    const idMessage = await send(emulator, method, {
      chatId: group,
      body: 'Is it right?',
      quotedMessageId: question.idMessage,
      typingTime: 1000,
      buttons: [{ type: 'reply', ...reply }]
    })
    await emulator.clock.advance(1000)

    const quotedMessage = { stanzaId: question.idMessage }
    t.match(bodies.at(-1), { senderData: { chatId: group }, messageData: { quotedMessage } })
    t.match(instance.tap(idMessage, 'yes').senderData, { chatId: group, sender: chatId }, 'a member of the group taps')
  }
})

t.test('messages wait while the instance is suspended, with a status of the same name', async (t) => {
  for (const state of ['suspended', 'yellowCard']) {
    const { emulator, instance, bodies } = await emulateInstance(t, {})
    instance.changeState(state)
    const idMessage = await send(emulator, 'sendMessage', { chatId, message: 'Hello' })
    await emulator.clock.advance(60_000)
    t.match(bodies, [{ stateInstance: state }, { typeWebhook: 'outgoingMessageStatus', idMessage, status: state }])
    t.equal(bodies.length, 2)
    t.match((await call(emulator, 'lastOutgoingMessages')).body, [{ idMessage, statusMessage: state }])

    instance.changeState('authorized')
    await until(() => bodies.length === 5)
    t.match(bodies.slice(3), [{ typeWebhook: 'outgoingAPIMessageReceived', idMessage }, { status: 'sent' }])
  }
})

t.test('message reports each message once, even if the settings allow no notification of it', async (t) => {
  const settings = { incomingWebhook: 'no', outgoingAPIMessageWebhook: 'no' } as const
  const { emulator, instance, bodies } = await emulateInstance(t, { settings, plan: { correspondents: 1 } }, [])
  const messages: string[] = []
  emulator.on('message', ({ idMessage }) => { messages.push(idMessage) })
  const sent = await send(emulator, 'sendMessage', { chatId, message: 'Hello' })
  const received = instance.build.textMessage({}, { chatId })
  instance.receive(received)
  instance.receive(instance.build.textMessage({}, { chatId: group }))
  instance.receive(instance.build.incomingCall())
  await until(() => bodies.length === 2)

  t.strictSame(messages, [sent, received.idMessage], 'not one beyond the plan, and not a call')
  t.match(bodies, [{ typeWebhook: 'quotaExceeded' }, { typeWebhook: 'incomingCall' }])
})
