import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { isStarted, main, type ProcessLike } from '../../lib/cli/main.ts'
import { readVersion, run } from '../../lib/cli/program.ts'
import { build, collect, token } from '../helpers/app.ts'
import { command, spawnProgram } from '../helpers/command-line.ts'
import { listen } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

const commands = ['emulate', 'send', 'replay', 'doctor', 'journal']

async function receiver (t: Test) {
  const app = await build(t)
  const events = collect(app, 'webhook')
  return { events, url: `http://127.0.0.1:${await listen(app)}/green-api` }
}

t.test('--version is that of the package', async (t) => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  t.strictSame(await command(t, '--version'), { code: 0, stdout: `${version}\n`, stderr: '' })
  t.equal(readVersion(), version)
})

t.test('--help tells of every command, with examples and exit codes', async (t) => {
  const { code, stdout, stderr } = await command(t, '--help')
  t.equal(code, 0)
  t.equal(stderr, '')
  for (const text of [...commands, 'Exit codes:', 'Examples:']) t.match(stdout, text)
  for (const name of commands) {
    const help = await command(t, name, '--help')
    t.equal(help.code, 0)
    for (const text of ['--json', '$ npx fastify-green-api ' + name, /exits with 0/i]) t.match(help.stdout, text, name)
  }
})

t.test('wrong usage exits with 2, and says on stderr what to do', async (t) => {
  const cases: Array<[string[], RegExp]> = [
    [[], /Usage: fastify-green-api/],
    [['sned'], /unknown command 'sned'.*Did you mean send\?.*--help/s],
    [['send', 'textMessage', '--to', 'http://localhost', '--tokn', 'x'], /unknown option '--tokn'.*Did you mean --token\?/s],
    [['send', 'textMessage'], /'--to <url>' not specified/],
    [['send', '--to', 'http://127.0.0.1:1'], /missing required argument 'notification'/],
    [['send', 'textMessage', '--to', 'localhost'], /Write a URL such as http/],
    [['send', 'textMessage', '--to', 'ftp://localhost'], /Write a URL such as http/],
    [['send', 'textMessage', '--to', 'http://localhost', '--token', 'a\n'], /remove that/],
    [['send', 'textMessage', '--to', 'http://localhost', '--data', '{'], /Write a JSON object/],
    [['send', 'textMessage', '--to', 'http://localhost', '--data', '[]'], /Write a JSON object/],
    [['send', 'textMessage', '--to', 'http://localhost', '--id-instance', 'mine'], /Write the number that GREEN-API's console shows/],
    [['send', 'buttonReply', '--to', 'http://localhost', '--device', 'toaster'], /Allowed choices are android, ios, web/],
    [['replay', 'x', '--to', 'http://localhost', '--rate', '0'], /Write a number above 0/],
    [['replay', 'x', '--to', 'http://localhost', '--attempts', '1.5'], /Write a whole number above 0/],
    [['replay', 'x', '--to', 'http://localhost', '--retry-delay', '-1'], /Write a number of seconds/],
    [['emulate', '--port', '65536'], /Write a port/],
    [['emulate', '--port', ''], /Write a port/],
    [['emulate', '--duplicates', '2'], /Write a number from 0, never, to 1, always/],
    [['emulate', '--token', 'a/b'], /Write letters, digits/],
    [['doctor', '--token', 'x'], /'--id-instance <number>' not specified/],
    [['doctor', '--id-instance', '1'], /'--token <apiTokenInstance>' not specified/],
    [['doctor', '--id-instance', 'one', '--token', 'x'], /idInstance must be the number/],
    [['doctor', '--id-instance', '1', '--token', ''], /apiTokenInstance is empty/],
    [['doctor', '--id-instance', '1', '--token', 'x', '--api-url', 'nowhere'], /apiUrl must be the instance's URL/]
  ]
  for (const [args, says] of cases) {
    const { code, stdout, stderr } = await command(t, ...args)
    t.equal(code, 2, args.join(' '))
    t.equal(stdout, '')
    t.match(stderr, says)
  }
})

t.test('what nobody foresaw is not taken for wrong usage', async (t) => {
  const broken = new PassThrough()
  broken.write = () => { throw new Error('broken') }
  const terminal = { stdin: new PassThrough(), stdout: broken, stderr: new PassThrough(), signal: new AbortController().signal }
  await t.rejects(run(['--version'], terminal), { message: 'broken' })
})

t.test('the program sends and reads like any other', async (t) => {
  const { events, url } = await receiver(t)
  const [sent, misused] = await Promise.all([
    spawnProgram(t, ['send', 'buttonReply', '--to', url, '--token', token], { counted: true }).ended,
    spawnProgram(t, ['send', 'buttonRepl', '--to', url]).ended
  ])
  t.match(sent, { code: 0, stdout: /^buttonReply .*answered 200/, stderr: '' })
  t.match(misused, { code: 2, stdout: '', stderr: /Did you mean buttonReply/ })
  t.strictSame(events.map(({ name }) => name), ['buttonReply'])
})

t.test('the program ends when it is told to, or when nobody reads it any more', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { child, printed, ended } = spawnProgram(t, ['emulate', '--port', '0', '--json'])
    await printed('listening')
    child.kill(signal)
    t.match(await ended, { code: 0, stderr: '' }, signal)
  }
  const { child, ended } = spawnProgram(t, ['emulate', '--port', '0'])
  child.stdout.destroy()
  t.equal((await ended).code, 0)
})

t.test('main ends a command by a signal, and the process where its output is closed', async (t) => {
  for (const end of ['SIGINT', 'SIGTERM', 'error'] as const) {
    const process = Object.assign(new EventEmitter(), {
      argv: ['node', 'cli', 'emulate', '--port', '0'], stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), exit: () => { exited = true }
    })
    let exited = false
    // Of a process these are all that it needs.
    const ended = main(process as unknown as ProcessLike)
    await once(process.stdout, 'data')
    if (end === 'error') process.stdout.destroy(new Error('write EPIPE'))
    else process.emit(end)
    if (end === 'error') {
      await until(() => exited)
      process.emit('SIGTERM')
    }
    t.equal(await ended, 0, end)
  }
})

t.test('the program runs where it is started, not where it is loaded', async (t) => {
  const program = new URL('../../lib/cli/index.ts', import.meta.url)
  const folder = t.testdir({ link: t.fixture('symlink', fileURLToPath(program)) })
  t.equal(isStarted(program.href, ['node', fileURLToPath(program)]), true)
  t.equal(isStarted(program.href, ['node', `${folder}/link`]), true, 'through the link that npm makes')
  t.equal(isStarted(program.href, ['node', fileURLToPath(import.meta.url)]), false)
  t.equal(isStarted(program.href, ['node', 'no-such-file']), false)
  t.equal(isStarted(program.href, ['node']), false)
})

t.test('what is loaded before a command runs is commander, and little else', async (t) => {
  const lib = new URL('../../lib/', import.meta.url)
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: URL) => {
    const path = file.href.slice(lib.href.length)
    if (files.has(path)) return
    files.add(path)
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/^import (?!type ).*from '(.+)'$/gm)) {
      if (specifier.startsWith('.')) visit(new URL(specifier, file))
      else if (!specifier.startsWith('node:')) packages.add(specifier)
    }
  }
  visit(new URL('cli/index.ts', lib))
  t.ok(files.has('cli/program.ts'))
  t.strictSame([...packages], ['commander'])
  // The devices are listed with the forms of their ids, and nothing else is.
  t.strictSame([...files].filter((file) => /^cli\/.+\/(?!command)|emulator|builders\/(?!ids)/.test(file)), [], 'no code of a command')
})
