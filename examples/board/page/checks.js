/** In characters: what GREEN-API takes as the text of a button. */
export const longestButtonText = 25

/** How many buttons GREEN-API takes. */
const mostButtons = 3

/**
 * What is amiss with a message that is about to be sent, in words that say what to do, and the
 * field where. What this does not find GREEN-API refuses in words of its own.
 *
 * @param {import('../protocol.ts').MenuToSend} menu
 * @returns {{ field: string, message: string } | undefined}
 */
export function findFault ({ chatId, body, buttons }) {
  if (chatId === '') return { field: 'chatId', message: 'Say to whom: a phone number, or the id of a chat' }
  if (body.trim() === '') return { field: 'body', message: 'Write what it says' }
  if (buttons.length === 0) return { field: 'buttons', message: 'Add at least one button' }
  if (buttons.length > mostButtons) return { field: 'buttons', message: `Remove a button: at most ${mostButtons} are sent` }
  for (const [index, { buttonText }] of buttons.entries()) {
    const field = `buttons[${index}].buttonText`
    if (buttonText.trim() === '') return { field, message: `Button ${index + 1}: write what it says` }
    if (buttonText.length > longestButtonText) return { field, message: `Button ${index + 1}: at most ${longestButtonText} characters` }
  }
  return undefined
}
