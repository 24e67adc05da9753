/** The part of each `idMessage` that a request replaces with its own number. */
export const digits = '0'.repeat(10)

/** The part of the chat's number that a request replaces with its own number. */
export const chatDigits = '0'.repeat(3)

export const chatId = `71234567${chatDigits}@c.us`

const instanceData = { idInstance: 1101000001, wid: '71231234567@c.us', typeInstance: 'whatsapp' }

const menu = {
  typeWebhook: 'outgoingAPIMessageReceived',
  instanceData,
  timestamp: 1749207554,
  idMessage: `BAE5D4${digits}`,
  senderData: {
    chatId,
    chatName: 'Green API',
    sender: '71231234567@c.us',
    senderName: 'Green API',
    senderContactName: 'Green API inContacts'
  },
  messageData: {
    typeMessage: 'interactiveButtons',
    interactiveButtons: {
      titleText: 'Header text',
      contentText: 'I use Green-API to send this message to you!',
      footerText: 'Footer text',
      buttons: [
        { type: 'copy', buttonId: '1', buttonText: 'Copy me', copyCode: 'Text copied' },
        { type: 'call', buttonId: '2', buttonText: 'Call me', phoneNumber: '79329843267' },
        { type: 'url', buttonId: '3', buttonText: 'GREEN-API', url: 'https://green-api.com/' }
      ]
    }
  }
}

const tap = {
  typeWebhook: 'incomingMessageReceived',
  instanceData,
  timestamp: 1749208313,
  idMessage: `9EC825ACAB511DBFF27750${digits}`,
  senderData: {
    chatId,
    chatName: 'Green API',
    sender: chatId,
    senderName: 'Green API',
    senderContactName: 'Green API inContacts'
  },
  messageData: {
    typeMessage: 'interactiveButtonsResponse',
    interactiveButtonsResponse: {
      stanzaId: 'BAE5FB1FDA0E58E8',
      selectedIndex: 1,
      selectedId: '2',
      selectedDisplayText: 'Second Button'
    }
  }
}

const status = {
  typeWebhook: 'outgoingMessageStatus',
  chatId,
  instanceData,
  timestamp: 1749207556,
  idMessage: `BAE5FB${digits}`,
  sendByApi: true,
  status: 'delivered'
}

/** The examples of GREEN-API's documentation: a menu sent through the API, a button reply, a status. */
export const bodies: readonly string[] = [menu, tap, status].map((body) => JSON.stringify(body))
