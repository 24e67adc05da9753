import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

// Compilers are slow, and machines busy.
t.setTimeout(300_000)

const root = new URL('../../..', import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(new URL(name, root), 'utf8'))

/** Reads all that is public; what it complains of, or nothing. */
function complaints (): string {
  const { NODE_V8_COVERAGE, NODE_OPTIONS, ...env } = process.env
  const typedoc = fileURLToPath(new URL('node_modules/typedoc/bin/typedoc', root))
  try {
    execFileSync(process.execPath, [typedoc, '--emit', 'none', '--pretty', 'false'], { cwd: root, env, encoding: 'utf8', stdio: 'pipe' })
    return ''
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string, stderr: string }
    return stdout + stderr
  }
}

t.test('every public class, interface, type, function and method has a docstring, and every link in one leads somewhere', async (t) => {
  t.equal(complaints(), '', 'npm run docs:api')
})

t.test('the reference has every door of the package', async (t) => {
  const doors = Object.values<{ default?: string }>(read('package.json').exports).flatMap((door) => door.default ?? [])
  t.ok(doors.length > 1)
  t.strictSame(read('typedoc.json').entryPoints.sort(), doors.map((door) => door.replace('./dist/', 'lib/').replace('.js', '.ts')).sort())
})
