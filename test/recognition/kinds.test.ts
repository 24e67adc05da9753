import t from 'tap'
import { KindRegistry } from '../../lib/recognition/kinds.ts'

const kinds = (names: string) => [...names].map((name) => ({ name }))

t.test('KindRegistry puts the kind that has the name of the type first and fallbacks last', async (t) => {
  const owners = new KindRegistry<{ name: string }>()
  for (const kind of kinds('abcd')) owners.add('c', kind)
  owners.add('e', { name: 'a' })
  const fallbacks = new KindRegistry<{ name: string }>()
  for (const kind of kinds('yz')) fallbacks.add('c', kind)

  t.strictSame([...owners.mergedWith(fallbacks)], [['c', kinds('cabdyz')], ['e', kinds('a')]])
})
