import t from 'tap'
import { spawnProgram } from '../../helpers/command-line.ts'

t.test('the executable exits with 0 on a signal, and when its output is closed', async (t) => {
  const unread = spawnProgram(t, ['emulate', '--port', '0'])
  unread.child.stdout.destroy()
  await Promise.all((['SIGINT', 'SIGTERM'] as const).map(async (signal) => {
    const { child, printed, ended } = spawnProgram(t, ['emulate', '--port', '0', '--json'])
    await printed('listening')
    child.kill(signal)
    t.match(await ended, { code: 0, stderr: '' }, signal)
  }))
  t.equal((await unread.ended).code, 0)
})
