import type { Emulator } from '../../emulator/index.ts'
import { customerChatId } from './conversation.ts'

// No text of it contains a single quote, which would end the shell's quotes.
const menu = {
  chatId: customerChatId,
  header: 'Order 4711',
  body: 'Is everything right?',
  footer: 'Thank you',
  buttons: [{ buttonId: 'yes', buttonText: 'Confirm' }, { buttonId: 'no', buttonText: 'Change it' }]
}

/** Formats a shell command that sends a menu through the emulator. */
export function formatCurl (emulator: Emulator): string {
  const { idInstance, apiTokenInstance } = emulator.instance()
  return [
    `  curl '${emulator.apiUrl}/waInstance${idInstance}/sendInteractiveButtonsReply/${apiTokenInstance}' \\`,
    "    -H 'Content-Type: application/json' \\",
    `    -d '${JSON.stringify(menu)}'`
  ].join('\n')
}
