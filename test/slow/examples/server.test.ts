import t from 'tap'
import { readPort } from '../../../examples/port.ts'
import { startExample } from '../../helpers/example.ts'

t.test('each example that listens names a wrong PORT and the fix', async (t) => {
  for (const name of ['server', 'metrics', 'recorder']) {
    await t.test(name, async (t) => {
      const example = startExample(t, { PORT: 'abc' }, name)

      await t.rejects(example.printed('listening'), /PORT is "abc"\. Set it to a whole number from 0 to 65535/)
    })
  }
})

t.test('readPort accepts any port, and 3000 by default', async (t) => {
  for (const [text, port] of [[undefined, 3000], ['', 3000], ['0', 0], ['8080', 8080], ['65535', 65535]] as const) {
    t.equal(readPort(text), port)
  }
  for (const text of ['abc', '-1', '65536', '3000.5', '0x10', '1e3', ' ', '3000 ']) {
    t.throws(() => readPort(text), { message: `PORT is "${text}". Set it to a whole number from 0 to 65535, such as PORT=3000.` })
  }
})

t.test('with no setting it posts to itself and prints what it receives', async (t) => {
  const example = startExample(t)
  const output = await example.printed('waiting for more')
  for (const text of ['Header | Body | Footer', '[Copy me] copies 3333', '[Call me] calls 79329843267', '[Green-api] opens https://green-api.com', '[Second Button] answers 2', ', sent', ', delivered', '"Second Button" (button 2) of menu BAE57AF3BBAFE9D4']) {
    t.match(output, text)
  }
  t.equal(output.match(/answered 200/g)?.length, 3)
  t.equal(await example.end(), 0, 'and ends when told to')
})
