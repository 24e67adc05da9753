import type { Emulator } from '../../emulator/index.ts'

/** A menu to send. */
const menu = {
  chatId: '4915550001234@c.us',
  header: 'Order 4711',
  body: 'Is everything right?',
  footer: 'Thank you',
  buttons: [{ buttonId: 'yes', buttonText: 'Confirm' }, { buttonId: 'no', buttonText: 'Change it' }]
}

/** What a shell runs to send a menu through the emulator. Nothing in it has a quotation mark that would end it. */
export function curlOf (emulator: Emulator): string {
  const { idInstance, apiTokenInstance } = emulator.instance()
  return [
    `  curl '${emulator.apiUrl}/waInstance${idInstance}/sendInteractiveButtonsReply/${apiTokenInstance}' \\`,
    "    -H 'Content-Type: application/json' \\",
    `    -d '${JSON.stringify(menu)}'`
  ].join('\n')
}
