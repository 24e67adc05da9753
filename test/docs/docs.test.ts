import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compile, install, run } from '../helpers/consumer.ts'
import { deadLinks, documents, snippets } from '../helpers/documents.ts'
import { eventsPage, readPage } from '../helpers/events-page.ts'

// Compilers are slow, and machines busy.
t.setTimeout(600_000)

t.test('docs/events.md says of every notification what the map says', async (t) => {
  t.equal(readPage(), eventsPage(), 'npm run docs:events writes what should stand there')
})

t.test('every link within README and docs leads somewhere', async (t) => {
  for (const document of documents()) t.strictSame(deadLinks(document), [], document)
})

t.test('what README and docs show compiles in a strict project', async (t) => {
  const { project } = install(t)
  const shown = documents().flatMap(snippets)
  t.ok(shown.length > 1, 'there is code')
  for (const { name, code } of shown) writeFileSync(join(project, `${name}.ts`), code)
  compile(project, '*.ts', 'nodenext')

  t.test('and what is a complete program runs, and ends by itself', async (t) => {
    const programs = shown.filter(({ runs }) => runs)
    t.ok(programs.length > 1, 'there are programs')
    const settings = { GREEN_API_WEBHOOK_TOKEN: 'secret' }
    for (const { name } of programs) t.doesNotThrow(() => run(process.execPath, [`out/${name}.js`], project, settings), name)
  })
})
