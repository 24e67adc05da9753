/** Notifications for examples without a GREEN-API account. */

const members = { copyCode: null, phoneNumber: null, url: null }

// The two examples of https://green-api.com/en/docs/api/receiving/notifications-format/outgoing-message/InteractiveButtons/
const copyCallUrl = {
  type: 'outgoing',
  idMessage: 'BAE53E7C37B3C05A',
  timestamp: 1747817913,
  typeMessage: 'interactiveButtons',
  chatId: '79581004388@c.us',
  interactiveButtons: {
    titleText: 'Header',
    contentText: 'Body',
    footerText: 'Footer',
    buttons: [
      { ...members, type: 'copy', buttonId: '1', buttonText: 'Copy me', copyCode: '3333' },
      { ...members, type: 'call', buttonId: '2', buttonText: 'Call me', phoneNumber: '79329843267' },
      { ...members, type: 'url', buttonId: '3', buttonText: 'Green-api', url: 'https://green-api.com' }
    ]
  },
  statusMessage: 'sent',
  sendByApi: true
}

const replies = {
  type: 'outgoing',
  idMessage: 'BAE57AF3BBAFE9D4',
  timestamp: 1747819050,
  typeMessage: 'interactiveButtons',
  chatId: '79581004388@c.us',
  interactiveButtons: {
    titleText: 'Header',
    contentText: 'Body',
    footerText: 'Footer',
    buttons: [
      { ...members, type: 'reply', buttonId: '1', buttonText: 'First Button' },
      { ...members, type: 'reply', buttonId: '2', buttonText: 'Second Button' },
      { ...members, type: 'reply', buttonId: '3', buttonText: 'Third Button' }
    ]
  },
  statusMessage: 'delivered',
  sendByApi: true
}

// The notification of a tap on the second button of that menu.
const tap = {
  typeWebhook: 'incomingMessageReceived',
  instanceData: { idInstance: 1101000001, wid: '79001234567@c.us', typeInstance: 'whatsapp' },
  timestamp: 1747819061,
  idMessage: '3EB0A1F2C4D5',
  senderData: { chatId: '79581004388@c.us', chatName: 'Customer', sender: '79581004388@c.us', senderName: 'Customer' },
  messageData: {
    typeMessage: 'interactiveButtonsResponse',
    interactiveButtonsResponse: {
      stanzaId: replies.idMessage,
      selectedIndex: 1,
      selectedId: '2',
      selectedDisplayText: 'Second Button'
    }
  }
}

/** The two examples of GREEN-API's documentation, and a reply. */
export const examples = [copyCallUrl, replies, tap]

const { instanceData, senderData } = tap

// The notification of a question that was sent through the API. The sending method returned its `idMessage`.
const question = {
  typeWebhook: 'outgoingAPIMessageReceived',
  instanceData,
  timestamp: 1747819100,
  idMessage: 'BAE5A0FE4711C0DE',
  senderData: { ...senderData, sender: '79001234567@c.us', senderName: 'Shop' },
  messageData: {
    typeMessage: 'interactiveButtons',
    interactiveButtons: {
      titleText: 'Order 4711',
      contentText: 'When shall we come?',
      footerText: '',
      buttons: [
        { type: 'reply', buttonId: 'today', buttonText: 'Today' },
        { type: 'reply', buttonId: 'tomorrow', buttonText: 'Tomorrow' }
      ]
    }
  }
}

/** A question, two taps of one customer on a computer and on a phone, and a tap on an older menu. */
export const conversation = [
  question,
  {
    ...tap,
    idMessage: '3EB0000000000001',
    messageData: {
      typeMessage: 'interactiveButtonsResponse',
      interactiveButtonsResponse: {
        stanzaId: question.idMessage,
        selectedIndex: 0,
        selectedId: 'today',
        selectedDisplayText: 'Today'
      }
    }
  },
  {
    ...tap,
    idMessage: '3EB0000000000002',
    messageData: {
      typeMessage: 'templateButtonsReplyMessage',
      templateButtonReplyMessage: {
        stanzaId: question.idMessage,
        selectedIndex: 1,
        selectedId: 'tomorrow',
        selectedDisplayText: 'Tomorrow'
      }
    }
  },
  { ...tap, idMessage: '3EB0000000000003' }
]

/** Posts notifications as GREEN-API does: one after the other, with the instance's token. */
export async function postAll (notifications: object[], url: string, token: string): Promise<void> {
  for (const notification of notifications) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(notification)
    })
    console.log(`  answered ${response.status}`)
  }
}
