/** @type {Readonly<Record<string, Omit<import('../protocol.ts').MenuToSend, 'chatId'>>>} */
export const presets = {
  order: {
    header: 'Order 4711',
    body: 'Hello Ada! Two loaves of rye and a jar of honey, ready on Friday at nine. Is everything right?',
    footer: 'Corner Bakery',
    buttons: [
      { type: 'reply', buttonId: 'yes', buttonText: 'Yes, all right' },
      { type: 'reply', buttonId: 'change', buttonText: 'Change something' },
      { type: 'copy', buttonId: 'code', buttonText: 'Copy the pick-up code', copyCode: 'RYE-4711' }
    ]
  },
  delivery: {
    header: 'Your order is on its way',
    body: 'Order 4711 has just left the bakery and is with you in about twenty minutes.',
    footer: 'Corner Bakery',
    buttons: [
      { type: 'url', buttonId: 'track', buttonText: 'Follow the courier', url: 'https://example.com/orders/4711' },
      { type: 'call', buttonId: 'call', buttonText: 'Call the courier', phoneNumber: '+4915550001000' },
      { type: 'reply', buttonId: 'door', buttonText: 'Leave it at the door' }
    ]
  }
}
