import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compile, install, run, writeWrongProgram } from '../../helpers/consumer.ts'
import { documents, snippets } from '../../helpers/documents.ts'

// Compilers are slow, and machines busy.
t.setTimeout(600_000)

t.test('what is a complete program in the documentation runs, and ends by itself', async (t) => {
  const { project } = await install(t)
  const shown = documents().flatMap(snippets)
  const programs = shown.filter(({ runs }) => runs)
  t.ok(programs.length > 1, 'there are programs')
  for (const { name, code } of shown) writeFileSync(join(project, `${name}.ts`), code)
  writeWrongProgram(project)
  compile(project, '*.ts', 'nodenext')
  const settings = { GREEN_API_WEBHOOK_TOKEN: 'secret' }
  for (const { name } of programs) t.doesNotThrow(() => run(process.execPath, [`out/${name}.js`], project, settings), name)
})

t.test('the package compiles with a bundler, too', async (t) => {
  const { project } = await install(t)
  writeWrongProgram(project)
  t.doesNotThrow(() => compile(project, '*.ts', 'preserve'))
})
