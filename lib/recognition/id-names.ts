/** The members that contain ids. Ids of MAX are long numbers, which lose digits when they are parsed. */
export const idNames: ReadonlySet<string> = new Set([
  'idInstance', 'wid', 'idMessage', 'stanzaId', 'messageId', 'editedMessageId', 'deletedMessageId',
  'chatId', 'sender', 'senderId', 'from', 'participant', 'participants', 'id', 'optionVoters', 'voters', 'voterWid',
  'groupJid', 'templateId', 'sourceId', 'buttonId', 'rowId',
  'selectedId', 'selectedButtonId', 'selectedRowId', 'singleSelectReply'
])
