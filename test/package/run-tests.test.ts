import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../helpers/consumer.ts'

t.test('run-tests exits with 1 when a test fails, and with 0 when all pass', async (t) => {
  const cwd = t.testdir({
    test: {
      'failing.test.ts': 'process.exit(1)',
      'passing.test.ts': '',
      helpers: { 'from-source.js': '' }
    }
  })
  const statusOf = (file: string) => {
    return spawnSync(process.execPath, [join(root, 'test', 'helpers', 'run-tests.js'), file], { cwd }).status
  }

  t.equal(statusOf('test/failing.test.ts'), 1)
  t.equal(statusOf('test/passing.test.ts'), 0)
})
