import t from 'tap'
import { digest, formatIdentity, identify, identifyContent } from '../../lib/recognition/identity.ts'

t.test('identify returns the parts of a notification with an id', async (t) => {
  t.strictSame(identify(5, '1', 'a', 's', 'text'), { idInstance: '1', type: 'a', state: 's', idMessage: '5' })
})

t.test('identify returns the digest of the content when there is no id', async (t) => {
  const expected = { idInstance: '', type: '', state: '', idMessage: digest('text') }

  t.strictSame(identify(undefined, '1', 'a', 's', 'text'), expected)
  t.strictSame(identifyContent(digest('text')), expected)
})

t.test('digest returns SHA-256 as base64url', async (t) => {
  t.equal(digest(''), '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU')
})

t.test('formatIdentity joins the parts and escapes their separators', async (t) => {
  const cases = [
    ['1', 'a', '', 'M', '1:a:M'],
    ['', 'a', 's', 'M', ':a:M:s'],
    ['1:2', 'a%b', ':', '%', '1%3A2:a%25b:%25:%3A'],
    ['', '', '', 'digest', 'digest']
  ] as const
  for (const [idInstance, type, state, idMessage, text] of cases) {
    t.equal(formatIdentity({ idInstance, type, state, idMessage }), text)
  }
})
