import t from 'tap'
import { TypeIndex } from '../../lib/recognition/type-index.ts'

const kinds = (names: string) => [...names].map((name) => ({ name }))

t.test('a type announces the kind that is named after it first, then others as they came, then strays', async (t) => {
  const owners = new TypeIndex<{ name: string }>()
  for (const kind of kinds('abcd')) owners.add('c', kind)
  owners.add('e', { name: 'a' })
  const strays = new TypeIndex<{ name: string }>()
  for (const kind of kinds('yz')) strays.add('c', kind)

  t.strictSame([...owners.followedBy(strays)], [['c', kinds('cabdyz')], ['e', kinds('a')]])
})
