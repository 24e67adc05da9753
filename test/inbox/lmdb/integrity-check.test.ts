import { join } from 'node:path'
import t from 'tap'
import { inspect, type Finding } from '../../../lib/inbox/lmdb/integrity-check.ts'

t.test('what a program finds is what it tells, else how it ended', async (t) => {
  const cases: Array<[name: string, program: string, finding: Finding]> = [
    ['tells', "process.send({ damage: 'the folder ' + process.argv[2] })", { damage: 'the folder inbox' }],
    ['tells and fails', "process.send({ sound: true }, () => { process.kill(process.pid, 'SIGSEGV') })", { sound: true }],
    ['fails', 'process.exit(3)', { trouble: 'who inspects it has ended with 3' }],
    ['is ended by what it reads', "process.kill(process.pid, 'SIGBUS')", { damage: 'reading it ended in SIGBUS' }],
    ['is ended by somebody', "process.kill(process.pid, 'SIGKILL')", { trouble: 'who inspects it has ended with SIGKILL' }]
  ]
  const folder = t.testdir(Object.fromEntries(cases.map(([name, program]) => [`${name}.mjs`, program])))
  for (const [name, , finding] of cases) {
    t.strictSame(await inspect('inbox', join(folder, `${name}.mjs`)), finding, `a program that ${name}`)
  }
})

t.test('where there is no program nothing is found', async (t) => {
  t.strictSame(await inspect('inbox', join(t.testdir({}), 'inspector.js')), { sound: true })
})

t.test('a compiled program is started without the arguments that Node was started with', async (t) => {
  const folder = t.testdir({ 'inspector.mjs': "process.send({ trouble: process.execArgv.join(' ') })" })
  t.not(process.execArgv.length, 0)
  t.strictSame(await inspect('inbox', join(folder, 'inspector.mjs')), { trouble: '' })
})
