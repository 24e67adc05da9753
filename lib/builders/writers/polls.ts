import type { MessageWriter } from './writer.ts'

export const pollMessage = {
  defaults: () => ({
    name: 'Which color?',
    options: [{ optionName: 'Red' }, { optionName: 'Green' }],
    multipleAnswers: false
  }),
  write: (pollMessageData) => ({ typeMessage: 'pollMessage', pollMessageData })
} satisfies MessageWriter<'pollMessage'>

// A vote has its content under the same name as a poll.
export const pollUpdateMessage = {
  defaults: ({ source, chatId }) => ({
    stanzaId: source.id('api'),
    name: 'Which color?',
    votes: [{ optionName: 'Red', optionVoters: [] as string[] }, { optionName: 'Green', optionVoters: [chatId] }],
    multipleAnswers: false
  }),
  write: (pollMessageData) => ({ typeMessage: 'pollUpdateMessage', pollMessageData })
} satisfies MessageWriter<'pollUpdateMessage'>
