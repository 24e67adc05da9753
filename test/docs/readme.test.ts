import { readFileSync } from 'node:fs'
import t from 'tap'
import { eventTable } from '../helpers/event-table.ts'

t.test('README lists every event of the map', async (t) => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const shown = readme.split('\n').filter((line) => /^\| (event name|\[`)/.test(line))
  const [head, , ...rows] = eventTable().split('\n')
  t.strictSame(shown, [head, ...rows], 'npm run docs:table prints the current table')
})
