import { execFile } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { isMainModule, main, type ProcessLike } from '../../lib/cli/main.ts'
import { parsePort, parseRate, parseSeconds } from '../../lib/cli/parse-options.ts'
import { run } from '../../lib/cli/program.ts'
import { build, collect, token } from '../helpers/app.ts'
import { command, spawnProgram } from '../helpers/command-line.ts'
import { listen } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

const commands = ['dev', 'emulate', 'send', 'replay', 'doctor', 'journal', 'inbox']
const helpers = ['completion', 'help']

async function receiver (t: Test) {
  const app = await build(t)
  const events = collect(app, 'webhook')
  return { events, url: `http://127.0.0.1:${await listen(app)}/green-api` }
}

t.test('--version prints the version of the package', async (t) => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  t.strictSame(await command(t, '--version'), { code: 0, stdout: `${version}\n`, stderr: '' })
})

t.test('--help lists every command, with examples and exit codes', async (t) => {
  const { code, stdout, stderr } = await command(t, '--help')
  t.equal(code, 0)
  t.equal(stderr, '')
  for (const text of [...commands, ...helpers, 'Exit codes:', 'Examples:']) t.match(stdout, text)
  for (const name of commands) {
    const help = await command(t, name, '--help')
    t.equal(help.code, 0)
    // The output of dev is its page.
    if (name !== 'dev') t.match(help.stdout, '--json', name)
    for (const text of ['-h, --help', 'show help', `$ npx fastify-green-api ${name}`, /exits with 0/i]) {
      t.match(help.stdout, text, name)
    }
  }
})

t.test('help prints what --help prints, for the program and for each command', async (t) => {
  t.strictSame(await command(t, 'help'), await command(t, '--help'))
  for (const name of commands) t.strictSame(await command(t, 'help', name), await command(t, name, '--help'))
})

t.test('send and replay post to http://127.0.0.1:3000/green-api by default', async (t) => {
  for (const name of ['send', 'replay']) {
    const { stdout } = await command(t, 'help', name)

    t.match(stdout.replace(/\s+/g, ' '), '--to <url> URL to send to (default: http://127.0.0.1:3000/green-api)', name)
  }
})

t.test('--env-file sets the variables that the environment lacks', async (t) => {
  const { events, url } = await receiver(t)
  const lines = [`GREEN_API_WEBHOOK_TOKEN=${token}`, 'GREEN_API_URL=http://127.0.0.1:1', 'GREEN_API_ID_INSTANCE=7']
  const file = join(t.testdir({ '.env': lines.join('\n') }), '.env')
  process.env.GREEN_API_ID_INSTANCE = '1101000001'
  t.teardown(() => {
    for (const name of ['WEBHOOK_TOKEN', 'URL', 'ID_INSTANCE']) delete process.env[`GREEN_API_${name}`]
  })

  const before = await command(t, '--env-file', file, 'send', 'textMessage', '--to', url)
  const after = await command(t, 'doctor', '--env-file', file, '--api-token', 'x', '--json')

  t.match(before, { code: 0, stderr: '' })
  t.equal(events.length, 1)
  t.match(JSON.parse(after.stdout), { idInstance: '1101000001', apiUrl: 'http://127.0.0.1:1' })
})

t.test('completion prints a script with every command and option', async (t) => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout, stderr } = await command(t, 'completion', shell)

    t.strictSame([code, stderr], [0, ''], shell)
    for (const name of commands) {
      const help = await command(t, name, '--help')
      for (const [, option = ''] of help.stdout.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)) {
        const place = shell === 'fish'
          ? new RegExp(`seen_subcommand_from ${name}' .*-l ${option} `)
          : new RegExp(`${name}:\\*:-\\*\\) words='.*--${option}\\b`)
        t.match(stdout, place, `${shell} ${name} --${option}`)
      }
    }
  }
})

t.test('the completion script suggests commands, options and values in bash', async (t) => {
  const { stdout: script } = await command(t, 'completion', 'bash')
  for (const [words, expected] of [
    [[''], [...commands, ...helpers]],
    [['do'], ['doctor']],
    [['send', '--dev'], ['--device']],
    [['send', '--device', ''], ['android', 'ios', 'web']],
    [['send', ''], []],
    [['--env-file', ''], []],
    [['--env-file', '.env', 'jo'], ['journal']],
    [['completion', 'z'], ['zsh']],
    [['help', 's'], ['send']]
  ] as const) {
    const line = ['fastify-green-api', ...words].map((word) => `'${word}'`).join(' ')
    const call = `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _fastify_green_api; echo "\${COMPREPLY[*]}"`

    const { stdout } = await promisify(execFile)('bash', ['-c', `${script}\n${call}`])

    t.strictSame(stdout.trim().split(' ').filter((word) => word !== ''), expected, words.join(' '))
  }
})

t.test('a usage error exits with 2 and prints the fix on stderr', async (t) => {
  const to = ['--to', 'http://localhost']
  const cases: Array<[args: string[], stderr: RegExp]> = [
    [[], /Usage: fastify-green-api/],
    [['sned'], /unknown command 'sned'\n\(Did you mean send\?\)\n+Run with --help for usage\.\n/],
    [['send', 'textMessage', ...to, '--webhook-tokn', 'x'], /unknown option '--webhook-tokn'\n\(Did you mean --webhook-token\?\)/],
    [['send', 'textMessage', '--tos', 'http://localhost'], /unknown option '--tos'\n\(Did you mean --to\?\)/],
    [['replay', 'x', '--tos', 'http://localhost'], /unknown option '--tos'\n\(Did you mean --to\?\)/],
    [['doctor', '--id-instanc', '1'], /unknown option '--id-instanc'\n\(Did you mean --id-instance\?\)/],
    [['journal', '--id-instance', '1', '--api-tokn', 'x'], /unknown option '--api-tokn'\n\(Did you mean --api-token\?\)/],
    [['emulate', '--prot', '1'], /unknown option '--prot'\n\(Did you mean --port\?\)/],
    [['send', '--to', 'http://127.0.0.1:1'], /missing required argument 'notification'/],
    [['send', 'textMessage', '--to', 'localhost'], /Use a URL such as http/],
    [['send', 'textMessage', '--to', 'ftp://localhost'], /Use a URL such as http/],
    [['send', 'textMessage', ...to, '--webhook-token', 'a\n'], /^error: The webhook token has white space around it or a control character\. Remove it\.\n$/],
    [['send', 'textMessage', ...to, '--data', '{'], /Use a JSON object/],
    [['send', 'textMessage', ...to, '--data', '[]'], /Use a JSON object/],
    [['send', 'textMessage', ...to, '--id-instance', 'mine'], /Use the number from GREEN-API's console/],
    [['send', 'buttonReply', ...to, '--device', 'toaster'], /Allowed choices are android, ios, web/],
    [['replay', 'x', ...to, '--rate', '0'], /Use a number above 0/],
    [['replay', 'x', ...to, '--attempts', '1.5'], /Use a whole number above 0/],
    [['replay', 'x', ...to, '--retry-delay', '-1'], /Use a number of seconds from 0 to 86400/],
    [['replay', 'x', ...to, '--retry-delay', '86401'], /Use a number of seconds from 0 to 86400/],
    [['emulate', '--port', '65536'], /Use a port/],
    [['emulate', '--port', ''], /Use a port/],
    [['emulate', '--duplicates', '2'], /Use a number from 0 \(never\) to 1 \(always\)/],
    [['emulate', '--api-token', 'a/b'], /^error: The API token is empty or has an invalid character\. Use only letters, digits/],
    [['doctor', '--api-token', 'x'], /'--id-instance <number>' not specified/],
    [['doctor', '--id-instance', '1'], /'--api-token <apiTokenInstance>' not specified \(nor GREEN_API_TOKEN_INSTANCE in the environment\)/],
    [['doctor', '--id-instance', 'one', '--api-token', 'x'], /idInstance must be the number/],
    [['doctor', '--id-instance', '1', '--api-token', ''], /apiTokenInstance is empty/],
    [['doctor', '--id-instance', '1', '--api-token', 'x', '--api-url', 'nowhere'], /apiUrl must be the instance's URL/],
    [['help', 'sned'], /Allowed choices are dev, emulate, send/],
    [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish/],
    [['--env-file', 'no-such-file', 'send', 'textMessage'], /It cannot be read \(ENOENT/]
  ]
  for (const [args, expected] of cases) {
    await t.test(args.join(' ') || '(no arguments)', async (t) => {
      const { code, stdout, stderr } = await command(t, ...args)

      t.equal(code, 2)
      t.equal(stdout, '')
      t.match(stderr, expected)
    })
  }
})

t.test('an invalid token from the environment is not printed', async (t) => {
  process.env.GREEN_API_WEBHOOK_TOKEN = ' secret'
  t.teardown(() => { delete process.env.GREEN_API_WEBHOOK_TOKEN })

  const { code, stderr } = await command(t, 'send', 'textMessage', '--to', 'http://localhost')

  t.equal(code, 2)
  t.match(stderr, 'The webhook token has white space around it')
  t.notMatch(stderr, 'secret')
})

t.test('the option parsers accept the largest and the smallest value', async (t) => {
  t.equal(parseSeconds('86400'), 86_400)
  t.equal(parseSeconds('0'), 0)
  t.equal(parsePort('65535'), 65_535)
  t.equal(parsePort('0'), 0)
  t.equal(parseRate('1'), 1)
  t.equal(parseRate('0'), 0)
})

t.test('run rejects with an unexpected error instead of reporting a usage error', async (t) => {
  const broken = new PassThrough()
  broken.write = () => { throw new Error('broken') }
  const { signal } = new AbortController()
  const terminal = { stdin: new PassThrough(), stdout: broken, stderr: new PassThrough(), signal }

  await t.rejects(run(['--version'], terminal), { message: 'broken' })
})

t.test('the executable sends a notification and prints usage errors', async (t) => {
  const { events, url } = await receiver(t)
  const [sent, misused] = await Promise.all([
    spawnProgram(t, ['send', 'buttonReply', '--to', url, '--webhook-token', token], { counted: true }).ended,
    spawnProgram(t, ['send', 'buttonRepl', '--to', url]).ended
  ])
  t.match(sent, { code: 0, stdout: /^buttonReply .*answered 200/, stderr: '' })
  t.match(misused, { code: 2, stdout: '', stderr: /Did you mean "buttonReply"/ })
  t.strictSame(events.map(({ name }) => name), ['buttonReply'])
})

t.test('main stops the command on a signal, and exits the process when its output is closed', async (t) => {
  for (const end of ['SIGINT', 'SIGTERM', 'error'] as const) {
    const process = Object.assign(new EventEmitter(), {
      argv: ['node', 'cli', 'emulate', '--port', '0'],
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      exit: () => { exited = true }
    })
    let exited = false
    // main uses only these members of the process.
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

t.test('isMainModule is true only for the module that the process was started with', async (t) => {
  const program = new URL('../../lib/cli/index.ts', import.meta.url)
  const folder = t.testdir({ link: t.fixture('symlink', fileURLToPath(program)) })
  t.equal(isMainModule(program.href, ['node', fileURLToPath(program)]), true)
  t.equal(isMainModule(program.href, ['node', `${folder}/link`]), true, 'through a link, as npm makes')
  t.equal(isMainModule(program.href, ['node', fileURLToPath(import.meta.url)]), false)
  t.equal(isMainModule(program.href, ['node', 'no-such-file']), false)
  t.equal(isMainModule(program.href, ['node']), false)
})

t.test('the program loads no package but commander, and no code of a command, before a command runs', async (t) => {
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
  // The help of `inbox` lists its actions.
  files.delete('cli/inbox/actions.ts')
  const commandCode = [...files].filter((file) => /^cli\/.+\/(?!command)|emulator|builders/.test(file))
  t.strictSame(commandCode, [])
})
