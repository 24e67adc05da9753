import t from 'tap'
import { KindRegistry } from '../../lib/recognition/type-index.ts'

const kinds = (names: string) => [...names].map((name) => ({ name }))

t.test('a type announces the kind that is named after it first, then others as they came, then fallbacks', async (t) => {
  const owners = new KindRegistry<{ name: string }>()
  for (const kind of kinds('abcd')) owners.add('c', kind)
  owners.add('e', { name: 'a' })
  const fallbacks = new KindRegistry<{ name: string }>()
  for (const kind of kinds('yz')) fallbacks.add('c', kind)

  t.strictSame([...owners.mergedWith(fallbacks)], [['c', kinds('cabdyz')], ['e', kinds('a')]])
})
