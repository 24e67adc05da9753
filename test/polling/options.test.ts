import t from 'tap'
import { resolveInstance, resolvePoll } from '../../lib/polling/options.ts'

const instance = { idInstance: '1101000001', apiTokenInstance: 'secret' }

t.test('resolveInstance accepts a receiveTimeout from 5 to 60 seconds', async (t) => {
  for (const receiveTimeout of [5, 60]) {
    t.equal(resolveInstance({ ...instance, receiveTimeout }).receiveTimeout, receiveTimeout)
  }
  for (const receiveTimeout of [4, 61]) {
    t.throws(() => resolveInstance({ ...instance, receiveTimeout }), {
      name: 'InvalidOptionError',
      message: 'receiveTimeout must be a whole number of seconds between 5 and 60, such as 20'
    })
  }
})

t.test('resolveInstance removes all slashes at the end of apiUrl', async (t) => {
  for (const apiUrl of ['https://example.com', 'https://example.com/', 'https://example.com//']) {
    t.equal(resolveInstance({ ...instance, apiUrl }).apiUrl, 'https://example.com')
  }
})

t.test('resolvePoll throws when an instance is listed twice', async (t) => {
  t.throws(() => resolvePoll([instance, { ...instance, idInstance: 1101000001 }]), {
    message: 'poll has instance 1101000001 twice: list it once. ' +
      'Two pollers would each get only some of its notifications'
  })
})
