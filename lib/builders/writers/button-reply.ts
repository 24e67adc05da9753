import type { OwnTypeMessage } from '../../events/index.ts'
import { buttonReply as definition, type ButtonReply } from '../../schemas/button-reply.ts'
import type { Button } from '../../schemas/buttons.ts'
import type { QuotedMessageData, WrittenButton } from '../bodies.ts'
import { assertKnownValue, type ContentOf } from '../content.ts'
import type { BuildContext, TapOptions } from '../event-context.ts'
import type { Device } from '../../schemas/devices.ts'
import { interactiveButtons, writeMenu } from './menus.ts'
import { omitUndefined, type MessageWriter, type WriteContext } from './writer.ts'

type TypeMessage = OwnTypeMessage<'buttonReply'>

const typesByDevice: Readonly<Record<Device, TypeMessage>> = {
  android: 'interactiveButtonsResponse',
  ios: 'templateButtonsReplyMessage',
  web: 'templateButtonReplyMessage'
}

/** The `messageData` of a tap. The member with the content depends on `typeMessage`. */
export interface TapData {
  typeMessage: TypeMessage
  /** The menu, which GREEN-API sends before the tap itself. */
  quotedMessage?: QuotedMessageData
  interactiveButtonsResponse?: SelectedButton
  templateButtonReplyMessage?: SelectedButton
  buttonsResponseMessage?: {
    stanzaId: string
    selectedIndex?: number
    selectedButtonId: string
    selectedButtonText: string
  }
  listResponseMessage?: {
    stanzaId: string
    selectedIndex?: number
    title: string
    listType: number
    singleSelectReply: string
  }
}

interface SelectedButton {
  stanzaId: string
  selectedIndex?: number
  selectedId: string
  selectedDisplayText: string
}

export const buttonReply = {
  defaults: ({ given, source }, content) => ({
    stanzaId: given.menu?.idMessage ?? source.id('api'),
    ...selectButton(given, content)
  }),
  write: (data, context): TapData => {
    const { stanzaId, buttonId, buttonText, index } = data
    const typeMessage = typeMessageOf(context.given)
    const position = { stanzaId, ...omitUndefined({ selectedIndex: index }) }
    const selected: SelectedButton = { ...position, selectedId: buttonId, selectedDisplayText: buttonText }
    switch (typeMessage) {
      case 'interactiveButtonsResponse': {
        const quotedMessage = context.quote ?? quoteMenu(data, context)
        return { typeMessage, quotedMessage, interactiveButtonsResponse: selected }
      }
      case 'templateButtonsReplyMessage':
      case 'templateButtonReplyMessage':
        // Both types have the content under this name.
        return { typeMessage, templateButtonReplyMessage: selected }
      case 'buttonsResponseMessage': {
        const buttonsResponseMessage = { ...position, selectedButtonId: buttonId, selectedButtonText: buttonText }
        return { typeMessage, buttonsResponseMessage }
      }
      case 'listResponseMessage': {
        const listResponseMessage = { ...position, title: buttonText, listType: 1, singleSelectReply: buttonId }
        return { typeMessage, listResponseMessage }
      }
    }
  }
} satisfies MessageWriter<'buttonReply'>

function typeMessageOf ({ device = 'android', typeMessage }: TapOptions): TypeMessage {
  assertKnownValue('typeMessage', typeMessage, definition.typeMessages)
  return typeMessage ?? typesByDevice[device]
}

/** Selects the button that the content names, or the first reply button. */
function selectButton (given: BuildContext, content: ContentOf<'buttonReply'>): Omit<ButtonReply, 'stanzaId'> {
  const typeMessage = typeMessageOf(given)
  const { menu } = given
  if (menu === undefined && typeMessage === 'listResponseMessage') return { buttonId: 'red', buttonText: 'Red' }
  const { buttons } = menu?.messageData.interactiveButtons ?? writeMenu(interactiveButtons.defaults())
  const position = buttons.findIndex(matcher(content))
  const button = buttons[position]
  if (menu !== undefined) assertReplyButton(button, buttons, content)
  const { buttonId = 'yes', buttonText = 'Yes' } = button ?? {}
  // Taps on legacy buttons have no index.
  return { buttonId, buttonText, ...!isLegacy(typeMessage) && { index: Math.max(position, 0) } }
}

function matcher ({ buttonId, buttonText }: ContentOf<'buttonReply'>): (button: WrittenButton) => boolean {
  if (buttonId !== undefined) return (button) => button.buttonId === buttonId
  if (buttonText !== undefined) return (button) => button.buttonText === buttonText
  return (button) => button.type === 'reply'
}

function assertReplyButton (
  button: WrittenButton | undefined, buttons: readonly WrittenButton[], content: ContentOf<'buttonReply'>
): void {
  if (button?.type === 'reply') return
  const replyIds = buttons.filter(({ type }) => type === 'reply').map(({ buttonId }) => buttonId)
  if (replyIds.length === 0) {
    throw new Error('The menu has no reply button. Add one: a tap on any other button sends no notification.')
  }
  const wanted = content.buttonId ?? content.buttonText
  const problem = button === undefined
    ? `The menu has no button "${wanted}".`
    : `The button "${wanted}" has the type "${button.type}", so a tap on it sends no notification.`
  throw new Error(`${problem} Tap one of: ${replyIds.join(', ')}.`)
}

function isLegacy (typeMessage: TypeMessage): boolean {
  return typeMessage === 'buttonsResponseMessage' || typeMessage === 'listResponseMessage'
}

/** The quoted menu: the given one, or a default one with the tapped button. */
function quoteMenu ({ stanzaId, buttonId, buttonText }: ButtonReply, { given, peer }: WriteContext): QuotedMessageData {
  const { buttons, ...texts } = interactiveButtons.defaults()
  const hasButton = buttons.some((button: Button) => button.buttonId === buttonId && button.buttonText === buttonText)
  const menu = writeMenu({ ...texts, buttons: hasButton ? buttons : [{ type: 'reply', buttonId, buttonText }] })
  return {
    typeMessage: 'interactiveButtons',
    interactiveButtons: structuredClone(given.menu?.messageData.interactiveButtons ?? menu),
    stanzaId,
    participant: given.menu?.senderData.sender ?? peer
  }
}
