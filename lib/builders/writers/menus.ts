import type { Button } from '../../schemas/buttons.ts'
import type { InteractiveButtons, ListMessage, TemplateMessage } from '../../schemas/menus.ts'
import { isObject, type Content } from '../../schemas/values.ts'
import type { Menu, MessageData, WrittenButton } from '../bodies.ts'
import { forwarding, omitUndefined, type MessageWriter } from './writer.ts'

const yes = { type: 'reply', buttonId: 'yes', buttonText: 'Yes' } as const
const no = { type: 'reply', buttonId: 'no', buttonText: 'No' } as const

export const interactiveButtons = {
  defaults: (): InteractiveButtons => ({
    header: 'Order 4711',
    body: 'Is everything right?',
    footer: 'Thank you',
    buttons: [yes, no]
  }),
  write: (data) => ({ typeMessage: 'interactiveButtons', interactiveButtons: writeMenu(data) })
} satisfies MessageWriter<'interactiveButtons'>

// Legacy buttons have no type on the wire.
export const buttonsMessage = {
  defaults: () => ({ body: 'Is everything right?', footer: 'Thank you', buttons: [yes, no] }),
  write: ({ header, body, footer, buttons, ...rest }, context) => ({
    typeMessage: 'buttonsMessage',
    buttonsMessage: {
      ...omitUndefined({ titleText: header }),
      contentText: body,
      ...omitUndefined({ footer }),
      buttons: buttons.map(writeLegacyButton),
      ...rest,
      ...forwarding(context)
    }
  })
} satisfies MessageWriter<'buttonsMessage'>

export const templateMessage = {
  // A message of a WABA instance has a template's id and no menu.
  defaults: (context, { templateId = '' }): TemplateMessage => templateId !== ''
    ? { body: '', buttons: [] }
    : {
        body: 'Your order 4711 is on its way.',
        footer: 'Thank you',
        buttons: [
          { type: 'url', buttonId: '', buttonText: 'Track it', url: 'https://shop.example/orders/4711', index: 1 },
          { type: 'call', buttonId: '', buttonText: 'Call us', phoneNumber: '+49 30 5550100', index: 2 },
          { type: 'reply', buttonId: 'received', buttonText: 'It is here', index: 3 }
        ]
      },
  write ({ templateId = '', params, ...menu }, context): TemplateMessageData {
    const typeMessage = 'templateMessage'
    const values = omitUndefined({ params })
    if (templateId === '') {
      return { typeMessage, templateMessage: { ...writeTemplate(menu), ...values, ...forwarding(context) } }
    }
    return { typeMessage, messageData: { templateId, ...values, ...isEmptyMenu(menu) ? {} : writeTemplate(menu) } }
  }
} satisfies MessageWriter<'templateMessage'>

/** A template message in a webhook body: its menu, or on WABA instances its template and parameters. */
export interface TemplateMessageData extends MessageData {
  typeMessage: 'templateMessage'
  templateMessage?: Content
  messageData?: Content
}

function isEmptyMenu ({ body, buttons, ...rest }: TemplateMessage): boolean {
  return body === '' && buttons.length === 0 && Object.keys(rest).length === 0
}

function writeTemplate ({ header, body, footer, buttons, namespace, elementName, mediaUrl, ...rest }: TemplateMessage) {
  return {
    ...omitUndefined({ namespace, elementName, titleText: header }),
    contentText: body,
    ...omitUndefined({ footer, mediaUrl }),
    buttons: buttons.map(writeTemplateButton),
    ...rest
  }
}

export const listMessage = {
  defaults: (): ListMessage => ({
    header: 'Colors',
    body: 'Which one shall it be?',
    footer: 'Thank you',
    buttonText: 'Choose',
    sections: [{
      title: 'In stock',
      rows: [{ title: 'Red', rowId: 'red' }, { title: 'Green', rowId: 'green', description: 'Like grass' }]
    }]
  }),
  write: ({ header, body, footer, ...rest }, context) => ({
    typeMessage: 'listMessage',
    listMessage: {
      contentText: body,
      ...omitUndefined({ title: header, footer }),
      ...rest,
      ...forwarding(context)
    }
  })
} satisfies MessageWriter<'listMessage'>

/** Writes the content of a message with interactive buttons, with an empty header or footer if there is none. */
export function writeMenu ({ header = '', body, footer = '', buttons, ...rest }: InteractiveButtons): Menu {
  return { titleText: header, contentText: body, footerText: footer, buttons: buttons.map(writeButton), ...rest }
}

function writeButton (button: Button): WrittenButton {
  const { type, buttonId, buttonText } = button
  const label = { type, buttonId, buttonText }
  switch (button.type) {
    case 'copy': return { ...label, copyCode: button.copyCode }
    case 'call': return { ...label, phoneNumber: button.phoneNumber }
    case 'url': return { ...label, url: button.url }
    case 'reply': return label
    // It can be any value: tests build invalid buttons on purpose.
    case 'unknown': return button.raw === undefined ? label : button.raw as WrittenButton
  }
}

function writeLegacyButton (button: Button): WrittenButton {
  const { buttonId, buttonText } = button
  return button.type === 'reply' ? { buttonId, buttonText } : writeButton(button)
}

function writeTemplateButton (button: Button): WrittenButton {
  const { buttonId, buttonText: displayText, index } = button
  const position = omitUndefined({ index })
  const label = { displayText, ...omitUndefined({ id: buttonId === '' ? undefined : buttonId }) }
  switch (button.type) {
    case 'url': return { urlButton: { ...label, url: button.url }, ...position }
    case 'call': return { callButton: { ...label, phoneNumber: button.phoneNumber }, ...position }
    case 'reply': return { quickReplyButton: { displayText, id: buttonId }, ...position }
    default: {
      const written = writeButton(button)
      return isObject(written) ? { ...written, ...position } : written
    }
  }
}
