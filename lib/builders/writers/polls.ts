import { omitUndefined, type MessageWriter } from './writer.ts'

/** A poll, under its present name; older bodies say `pollCreationMessage`. */
export const pollMessage = {
  defaults: () => ({ name: 'Which color?', options: [{ optionName: 'Red' }, { optionName: 'Green' }], multipleAnswers: false }),
  write: ({ name, options, multipleAnswers, allowToChangeAnswer }) => ({
    typeMessage: 'pollMessage',
    pollMessageData: { name, options, ...omitUndefined({ multipleAnswers, allowToChangeAnswer }) }
  })
} satisfies MessageWriter<'pollMessage'>

/** A vote: the whole tally, under the same name as the poll itself. */
export const pollUpdateMessage = {
  defaults: ({ source, chatId }) => ({
    stanzaId: source.id('api'),
    name: 'Which color?',
    votes: [{ optionName: 'Red', optionVoters: [] as string[] }, { optionName: 'Green', optionVoters: [chatId] }],
    multipleAnswers: false
  }),
  write: ({ stanzaId, name, votes, multipleAnswers, allowToChangeAnswer }) => ({
    typeMessage: 'pollUpdateMessage',
    pollMessageData: { stanzaId, name, votes, ...omitUndefined({ multipleAnswers, allowToChangeAnswer }) }
  })
} satisfies MessageWriter<'pollUpdateMessage'>
