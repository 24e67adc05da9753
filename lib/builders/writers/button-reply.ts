import type { OwnTypeMessage } from '../../events/event-types.ts'
import { buttonReply as definition, type ButtonReply } from '../../schemas/button-reply.ts'
import type { Button } from '../../schemas/buttons.ts'
import type { BuildContext, TapOptions } from '../event-context.ts'
import type { QuotedMembers, WrittenButton } from '../bodies.ts'
import { assertKnownValue, type ContentOf } from '../content.ts'
import type { Device } from '../ids.ts'
import { interactiveButtons, writeMenu } from './menus.ts'
import { omitUndefined, type MessageWriter, type WriteContext } from './writer.ts'

type TypeMessage = OwnTypeMessage<'buttonReply'>

const typesByDevice: Readonly<Record<Device, TypeMessage>> = {
  android: 'interactiveButtonsResponse',
  ios: 'templateButtonsReplyMessage',
  web: 'templateButtonReplyMessage'
}

/** A tap as its `messageData` has it: the object is called as its type says, but for one that goes by another's name. */
export interface TapMembers {
  typeMessage: TypeMessage
  /** The echo of the menu, before the tap itself. */
  quotedMessage?: QuotedMembers
  interactiveButtonsResponse?: SelectedMembers
  templateButtonReplyMessage?: SelectedMembers
  buttonsResponseMessage?: { stanzaId: string, selectedIndex?: number, selectedButtonId: string, selectedButtonText: string }
  listResponseMessage?: { stanzaId: string, selectedIndex?: number, title: string, listType: number, singleSelectReply: string }
}

interface SelectedMembers {
  stanzaId: string
  selectedIndex?: number
  selectedId: string
  selectedDisplayText: string
}

/** A tap, by the device that it was made on, or under the type that was asked for. */
export const buttonReply = {
  defaults: (scene, content) => ({ stanzaId: scene.around.menu?.idMessage ?? scene.source.id('api'), ...choose(scene.around, content) }),
  write: ({ stanzaId, buttonId, buttonText, index }, scene): TapMembers => {
    const typeMessage = typeOf(scene.around)
    const selectedIndex = omitUndefined({ selectedIndex: index })
    const selected: SelectedMembers = { stanzaId, ...selectedIndex, selectedId: buttonId, selectedDisplayText: buttonText }
    switch (typeMessage) {
      case 'interactiveButtonsResponse':
        return { typeMessage, quotedMessage: scene.quote ?? echo({ stanzaId, buttonId, buttonText }, scene), interactiveButtonsResponse: selected }
      case 'templateButtonsReplyMessage':
      case 'templateButtonReplyMessage':
        return { typeMessage, templateButtonReplyMessage: selected }
      case 'buttonsResponseMessage':
        return { typeMessage, buttonsResponseMessage: { stanzaId, ...selectedIndex, selectedButtonId: buttonId, selectedButtonText: buttonText } }
      case 'listResponseMessage':
        return { typeMessage, listResponseMessage: { stanzaId, ...selectedIndex, title: buttonText, listType: 1, singleSelectReply: buttonId } }
    }
  }
} satisfies MessageWriter<'buttonReply'>

function typeOf ({ device = 'android', typeMessage }: TapOptions): TypeMessage {
  assertKnownValue('typeMessage', typeMessage, definition.typeMessages)
  return typeMessage ?? typesByDevice[device]
}

/** What is tapped: the button that is named, or the first that answers. */
function choose (around: BuildContext, content: ContentOf<'buttonReply'>): Omit<ButtonReply, 'stanzaId'> {
  const typeMessage = typeOf(around)
  const { menu } = around
  if (menu === undefined && typeMessage === 'listResponseMessage') return { buttonId: 'red', buttonText: 'Red' }
  const { buttons } = menu === undefined ? writeMenu(interactiveButtons.defaults()) : menu.messageData.interactiveButtons
  const position = buttons.findIndex(isMeant(content))
  if (menu !== undefined) checkTap(buttons, buttons[position], content)
  const { buttonId = 'yes', buttonText = 'Yes' } = buttons[position] ?? {}
  // Legacy taps do not say where the button stands.
  return { buttonId, buttonText, ...!isLegacy(typeMessage) && { index: Math.max(position, 0) } }
}

function isMeant ({ buttonId, buttonText }: ContentOf<'buttonReply'>): (button: WrittenButton) => boolean {
  if (buttonId !== undefined) return (button) => button.buttonId === buttonId
  return buttonText === undefined ? (button) => button.type === 'reply' : (button) => button.buttonText === buttonText
}

// Without a menu anything may be tapped; of one that was sent, only what it has.
function checkTap (buttons: readonly WrittenButton[], tapped: WrittenButton | undefined, { buttonId, buttonText }: ContentOf<'buttonReply'>): void {
  if (tapped?.type === 'reply') return
  const replies = buttons.filter(({ type }) => type === 'reply').map(({ buttonId }) => buttonId)
  if (replies.length === 0) throw new Error('the menu has no button of the type reply, and only taps on these are notified: give it one')
  const wanted = buttonId ?? buttonText
  const trouble = tapped === undefined ? `the menu has no button ${wanted}` : `the button ${wanted} is of the type ${tapped.type}, and only taps on replies are notified`
  throw new Error(`${trouble}: tap one of ${replies.join(', ')}`)
}

function isLegacy (typeMessage: TypeMessage): boolean {
  return typeMessage === 'buttonsResponseMessage' || typeMessage === 'listResponseMessage'
}

/** The menu as the tap quotes it: the one that was given, or one with the button that was tapped. */
function echo ({ stanzaId, buttonId, buttonText }: ButtonReply, { around, other }: WriteContext): QuotedMembers {
  const { buttons, ...texts } = interactiveButtons.defaults()
  const isTapped = (button: Button) => button.buttonId === buttonId && button.buttonText === buttonText
  const menu = writeMenu({ ...texts, buttons: buttons.some(isTapped) ? buttons : [{ type: 'reply', buttonId, buttonText }] })
  return {
    typeMessage: 'interactiveButtons',
    interactiveButtons: structuredClone(around.menu?.messageData.interactiveButtons ?? menu),
    stanzaId,
    participant: around.menu?.senderData.sender ?? other
  }
}
