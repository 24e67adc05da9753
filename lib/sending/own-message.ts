/** The members of an event that show whose message it is. */
export interface Authored {
  readonly direction: 'incoming' | 'outgoing'
  readonly sender: string
  readonly wid: string
}

/** The event that `reply` answers: a message, of any kind. */
export interface AnswerableEvent extends Authored {
  readonly idInstance: string
  readonly chatId: string
  readonly idMessage: string
}

/** Whether the account of the instance wrote the message, on any of its devices or through the API. */
export function isOwnMessage ({ direction, sender, wid }: Authored): boolean {
  return direction !== 'incoming' || (sender !== '' && sender === wid)
}
