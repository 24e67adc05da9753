import type { Button } from '../../schemas/buttons.ts'
import type { InteractiveButtons, ListMessage } from '../../schemas/menus.ts'
import { isObject } from '../../schemas/values.ts'
import type { Menu, WrittenButton } from '../bodies.ts'
import { forwarding, omitUndefined, type MessageWriter } from './writer.ts'

const yes = { type: 'reply', buttonId: 'yes', buttonText: 'Yes' } as const
const no = { type: 'reply', buttonId: 'no', buttonText: 'No' } as const

/** Whether a message without header or footer has empty ones or none is not known. */
export const interactiveButtons = {
  defaults: (): InteractiveButtons => ({ header: 'Order 4711', body: 'Is everything right?', footer: 'Thank you', buttons: [yes, no] }),
  write: (data) => ({ typeMessage: 'interactiveButtons', interactiveButtons: writeMenu(data) })
} satisfies MessageWriter<'interactiveButtons'>

/** Legacy buttons, which have no type on the wire. */
export const buttonsMessage = {
  defaults: () => ({ body: 'Is everything right?', footer: 'Thank you', buttons: [yes, no] }),
  write: ({ header, body, footer, buttons }, scene) => ({
    typeMessage: 'buttonsMessage',
    buttonsMessage: { ...omitUndefined({ titleText: header }), contentText: body, ...omitUndefined({ footer }), buttons: buttons.map(writeLegacyButton), ...forwarding(scene) }
  })
} satisfies MessageWriter<'buttonsMessage'>

/** A template, whose buttons have their type for a member. */
export const templateMessage = {
  defaults: () => ({
    body: 'Your order 4711 is on its way.',
    footer: 'Thank you',
    buttons: [
      { type: 'url', buttonId: '', buttonText: 'Track it', url: 'https://shop.example/orders/4711', index: 1 },
      { type: 'call', buttonId: '', buttonText: 'Call us', phoneNumber: '+49 30 5550100', index: 2 },
      { type: 'reply', buttonId: 'received', buttonText: 'It is here', index: 3 }
    ]
  }),
  write: ({ header, body, footer, buttons, namespace, elementName, mediaUrl }, scene) => ({
    typeMessage: 'templateMessage',
    templateMessage: {
      ...omitUndefined({ namespace, elementName, titleText: header }),
      contentText: body,
      ...omitUndefined({ footer, mediaUrl }),
      buttons: buttons.map(writeTemplateButton),
      ...forwarding(scene)
    }
  })
} satisfies MessageWriter<'templateMessage'>

/** A list to choose from. */
export const listMessage = {
  defaults: (): ListMessage => ({
    header: 'Colors',
    body: 'Which one shall it be?',
    footer: 'Thank you',
    buttonText: 'Choose',
    sections: [{ title: 'In stock', rows: [{ rowId: 'red', title: 'Red' }, { rowId: 'green', title: 'Green', description: 'Like grass' }] }]
  }),
  write: ({ header, body, footer, buttonText, sections }, scene) => ({
    typeMessage: 'listMessage',
    listMessage: {
      contentText: body,
      ...omitUndefined({ title: header, footer }),
      buttonText,
      sections: sections.map(({ title, rows }) => ({ title, rows: rows.map(({ title, rowId, ...rest }) => ({ title, rowId, ...rest })) })),
      ...forwarding(scene)
    }
  })
} satisfies MessageWriter<'listMessage'>

/** Writes a menu as it stands in a body. */
export function writeMenu ({ header = '', body, footer = '', buttons }: InteractiveButtons): Menu {
  return { titleText: header, contentText: body, footerText: footer, buttons: buttons.map(writeButton) }
}

/** Writes a button with the members of its type alone; one of an unknown type as it came. */
export function writeButton (button: Button): WrittenButton {
  const { type, buttonId, buttonText } = button
  const label = { type, buttonId, buttonText }
  switch (button.type) {
    case 'copy': return { ...label, copyCode: button.copyCode }
    case 'call': return { ...label, phoneNumber: button.phoneNumber }
    case 'url': return { ...label, url: button.url }
    case 'reply': return label
    // It may be anything; of what is an object nothing is known either.
    case 'unknown': return button.raw === undefined ? label : button.raw as WrittenButton
  }
}

function writeLegacyButton (button: Button): WrittenButton {
  const { buttonId, buttonText } = button
  return button.type === 'reply' ? { buttonId, buttonText } : writeButton(button)
}

function writeTemplateButton (button: Button): WrittenButton {
  const { buttonId, buttonText: displayText, index } = button
  const id = omitUndefined({ id: buttonId === '' ? undefined : buttonId })
  switch (button.type) {
    case 'url': return { urlButton: { displayText, ...id, url: button.url }, ...omitUndefined({ index }) }
    case 'call': return { callButton: { displayText, ...id, phoneNumber: button.phoneNumber }, ...omitUndefined({ index }) }
    case 'reply': return { quickReplyButton: { displayText, id: buttonId }, ...omitUndefined({ index }) }
    default: {
      const written = writeButton(button)
      return isObject(written) ? { ...written, ...omitUndefined({ index }) } : written
    }
  }
}
