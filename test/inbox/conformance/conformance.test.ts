import t from 'tap'
import { conforms } from '../../helpers/conforms.ts'
import { MemoryInbox } from '../../helpers/fixtures/memory-inbox.ts'

t.test('MemoryInbox passes all conformance cases', { jobs: 4 }, async (t) => {
  conforms(t, (store, settings) => new MemoryInbox(store, settings))
})
