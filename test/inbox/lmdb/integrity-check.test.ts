import { join } from 'node:path'
import t from 'tap'
import { inspect, type Finding } from '../../../lib/inbox/lmdb/integrity-check.ts'

t.test('inspect returns the message of the program, or how it ended', async (t) => {
  const cases: Array<[name: string, program: string, finding: Finding]> = [
    ['sends a result', "process.send({ damage: 'the folder ' + process.argv[2] })", { damage: 'the folder inbox' }],
    [
      'sends a result and crashes',
      "process.send({ sound: true }, () => { process.kill(process.pid, 'SIGSEGV') })",
      { sound: true }
    ],
    ['exits', 'process.exit(3)', { trouble: 'the integrity check ended with 3' }],
    ['crashes', "process.kill(process.pid, 'SIGBUS')", { damage: 'reading it ended with SIGBUS' }],
    ['is killed', "process.kill(process.pid, 'SIGKILL')", { trouble: 'the integrity check ended with SIGKILL' }]
  ]
  const folder = t.testdir(Object.fromEntries(cases.map(([name, program]) => [`${name}.mjs`, program])))
  for (const [name, , finding] of cases) {
    t.strictSame(await inspect('inbox', join(folder, `${name}.mjs`)), finding, `a program that ${name}`)
  }
})

t.test('inspect finds no damage when the program does not exist', async (t) => {
  t.strictSame(await inspect('inbox', join(t.testdir({}), 'inspector.js')), { sound: true })
})

t.test('inspect starts a compiled program without the arguments of this process', async (t) => {
  const folder = t.testdir({ 'inspector.mjs': "process.send({ trouble: process.execArgv.join(' ') })" })
  t.not(process.execArgv.length, 0)
  t.strictSame(await inspect('inbox', join(folder, 'inspector.mjs')), { trouble: '' })
})
