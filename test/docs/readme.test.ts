import { readFileSync } from 'node:fs'
import t from 'tap'
import { eventTable } from '../helpers/event-table.ts'

t.test("the README's table of events is the map's", async (t) => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const shown = readme.split('\n').filter((line) => /^\| (listen to|\[`)/.test(line))
  const [head, , ...rows] = eventTable().split('\n')
  t.strictSame(shown, [head, ...rows], 'npm run docs:table prints what should stand there')
})
