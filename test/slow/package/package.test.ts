import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import t from 'tap'
import { links } from '../../../docs/.vitepress/links.ts'
import { bin, compile, install, manifest, run } from '../../helpers/consumer.ts'
import { until } from '../../helpers/until.ts'

// Compilers are slow, and machines busy.
t.setTimeout(600_000)

const body = { type: 'outgoing', idMessage: 'A', typeMessage: 'interactiveButtons', interactiveButtons: { contentText: 'Hello', buttons: [] } }

const script = (load: string) => `
${load}
const app = Fastify()
app.register(greenApi, { token: 'secret' })
app.ready().then(async () => {
  app.greenApi.on('interactiveButtons', ({ data }) => { console.log(data.body) })
  await app.inject({ method: 'POST', url: '/green-api', headers: { authorization: 'secret' }, payload: ${JSON.stringify(body)} })
  await app.close()
})
`

/** What the command line is made of, and nothing else loads. */
const commandLine = ['commander']

t.test('the packed package', async (t) => {
  const { project, tarball, files, size } = await install(t)

  /** Runs a module in the project. Returns what it passes to `report`. */
  function evaluate (code: string): unknown {
    const report = 'const report = (value) => console.log(JSON.stringify(value))'
    writeFileSync(join(project, 'evaluated.js'), `${report}\n${code}`)
    return JSON.parse(run(process.execPath, ['evaluated.js'], project))
  }

  t.test('holds what users need and nothing else', async (t) => {
    for (const file of ['README.md', 'LICENSE', 'SKILL.md', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'docs/delivery.md']) t.ok(files.includes(file), file)
    t.strictSame(files.filter((file) => /^(lib|test|examples|docs\/(\.vitepress|api|decisions|images))\/|\.ts$/.test(file) && !file.endsWith('.d.ts')), [])
    t.strictSame(Object.keys(manifest.dependencies).sort(), [...commandLine, '@sinclair/typebox', 'fastify-plugin'].sort())
  })

  t.test('has the targets of the links in its documents', async (t) => {
    for (const document of files.filter((file) => file.endsWith('.md'))) {
      const targets = links(document).filter((link) => !/^([a-z]+:|#)/.test(link))
        .map((link) => join(dirname(document), link.replace(/#.*/, '')))
      t.strictSame(targets.filter((target) => !files.includes(target)), [], document)
    }
  })

  t.test('is found by import and by require', async (t) => {
    const forms = {
      'default.mjs': "import Fastify from 'fastify'\nimport greenApi from 'fastify-green-api'",
      'named.mjs': "import Fastify from 'fastify'\nimport { greenApi } from 'fastify-green-api'",
      'named.cjs': "const Fastify = require('fastify')\nconst { greenApi } = require('fastify-green-api')",
      'module.cjs': "const Fastify = require('fastify')\nconst greenApi = require('fastify-green-api')"
    }
    for (const [name, load] of Object.entries(forms)) {
      writeFileSync(join(project, name), script(load))
      t.equal(run(process.execPath, [name], project), 'Hello\n', name)
    }
  })

  t.test('is a program, which npx runs', async (t) => {
    // As npm installs it.
    const links = join(project, 'node_modules', '.bin')
    mkdirSync(links, { recursive: true })
    for (const [name, path] of Object.entries<string>(manifest.bin)) {
      const program = join(project, 'node_modules', manifest.name, path)
      chmodSync(program, 0o755)
      symlinkSync(program, join(links, name))
    }
    const program = join(links, 'fastify-green-api')
    t.equal(run('npx', ['--offline', 'fastify-green-api', '--version'], project), `${manifest.version}\n`)
    t.match(run(process.execPath, [program, 'emulate', '--help'], project), 'Usage: fastify-green-api emulate')
  })

  t.test('has the page of the command dev', async (t) => {
    const program = join(project, 'node_modules', manifest.name, manifest.bin['fastify-green-api'])
    const dev = spawn(process.execPath, [program, 'dev'], { cwd: project })
    t.teardown(() => { dev.kill('SIGKILL') })
    let output = ''
    dev.stdout.on('data', (chunk) => { output += chunk })
    await until(() => /Ready: \S+\n/.test(output))
    const [, url = ''] = /Ready: (\S+)/.exec(output) ?? []
    const page = await fetch(url)
    t.match(await page.text(), '<style>')
    t.match(await (await fetch(`${url}/page.js`)).text(), 'EventSource')
    const closed = once(dev, 'close')
    dev.kill('SIGTERM')
    t.strictSame(await closed, [0, null])
  })

  t.test('is small', async (t) => {
    t.ok(files.length <= 120, `${files.length} files`)
    t.ok(size < 300_000, `${size} bytes`)
  })

  t.test('loads few files, and nothing that only some applications use', async (t) => {
    const loaded = evaluate(`
      import module from 'node:module'
      const urls = []
      await import('fastify')
      module.registerHooks({ load (url, context, next) { urls.push(url); return next(url, context) } })
      await import('fastify-green-api')
      report(urls)`) as string[]

    const names = loaded.map((url) => /node_modules\/(.+)/.exec(url)?.[1] ?? url)
    t.strictSame(names.filter((name) => !/^(?:node:|fastify-plugin\/)/.test(name)).sort(), [
      'fastify-green-api/dist/chunks/base.js', 'fastify-green-api/dist/chunks/plugin.js',
      'fastify-green-api/dist/index.js'
    ])
    for (const name of ['http', 'https', 'sqlite', 'worker_threads']) t.notOk(names.includes(`node:${name}`), name)
  })

  t.test('needs the packages of the command line only for the command line', async (t) => {
    const targets = Object.values<string | { default: string }>(manifest.exports)
    const entryPoints = targets.flatMap((target) => typeof target === 'string' ? [] : target.default)
    const packagesOf = async (entryPoints: string[]) => {
      const { metafile } = await build({
        absWorkingDir: join(project, 'package'),
        entryPoints,
        outdir: 'out',
        bundle: true,
        write: false,
        metafile: true,
        format: 'esm',
        platform: 'node',
        packages: 'external',
        logLevel: 'error'
      })
      return Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
    }
    const library = await packagesOf(entryPoints)
    const program = await packagesOf([manifest.bin['fastify-green-api']])

    t.ok(library.includes('fastify-plugin'))
    for (const name of commandLine) {
      t.notOk(library.includes(name))
      t.ok(program.includes(name))
    }
  })

  t.test('has one copy of every module, so that its entry points share their state', async (t) => {
    const declared = readdirSync('lib', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('page'))
      .flatMap((file) => [...readFileSync(join('lib', file), 'utf8').matchAll(/^(?:export )?class (\w+)/gm)])
      .map(([, name = '']) => name)
    const classes = files.filter((file) => file.endsWith('.js') && !file.includes('/page/')).flatMap((file) => {
      const code = readFileSync(join(project, 'package', file), 'utf8')
      return [...code.matchAll(/\bclass ([A-Z]\w{2,})/g), ...code.matchAll(/(\w+)=class\b/g)].map(([, name = '']) => name)
    })
    t.ok(classes.includes('InboxError'))
    t.ok(classes.includes('GreenApiEmitter'))
    for (const name of declared) t.equal(countOf(name, classes), countOf(name, declared), name)

    const shared = evaluate(`
      import Fastify from 'fastify'
      import greenApi, { InboxError, InvalidOptionError } from 'fastify-green-api'
      import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
      import { Sender } from 'fastify-green-api/sending'
      import { inject, textMessage } from 'fastify-green-api/testing'
      const errorOf = async (act) => { try { await act() } catch (error) { return error } }
      const withInbox = Fastify().register(greenApi, { token: 's', inbox: sqliteInbox({ path: './evaluated.js' }) })
      const app = Fastify().register(greenApi, { token: 's' })
      const { statusCode } = await inject(app, textMessage('hello'))
      report([
        await errorOf(() => new Sender({})) instanceof InvalidOptionError,
        await errorOf(() => withInbox.ready()) instanceof InboxError,
        statusCode
      ])`)
    t.strictSame(shared, [true, true, 200])
  })

  t.test('finds the program of the thread of sqliteInbox', async (t) => {
    const threads = evaluate(`
      import Fastify from 'fastify'
      import greenApi from 'fastify-green-api'
      import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
      let threads = 0
      process.on('worker', () => { threads++ })
      const app = Fastify().register(greenApi, { token: 's', inbox: sqliteInbox({ path: './inbox.db' }) })
      await app.ready()
      await app.close()
      report(threads)`)
    t.equal(threads, 1)
  })

  t.test('has schemas for the TypeBox of the application', async (t) => {
    const checked = evaluate(`
      import { Type } from '@sinclair/typebox'
      import { TypeCompiler } from '@sinclair/typebox/compiler'
      import { Value } from '@sinclair/typebox/value'
      import { Button, notifications } from 'fastify-green-api'
      const Buttons = Type.Partial(Type.Object({ buttons: Type.Array(Button), poll: notifications.pollMessage.data }))
      const button = { type: 'copy', buttonId: '1', buttonText: 'Copy', copyCode: 'A1' }
      const check = (value) => [Value.Check(Buttons, value), TypeCompiler.Compile(Buttons).Check(value)]
      report([check({ buttons: [button] }), check({ buttons: [{ ...button, type: 5 }] }), check({ poll: 5 })])`)
    t.strictSame(checked, [[true, true], [false, false], [false, false]])

    writeFileSync(join(project, 'schemas.ts'), `
      import { Type, type Static } from '@sinclair/typebox'
      import { Button } from 'fastify-green-api'
      const Menu = Type.Object({ buttons: Type.Array(Button) })
      const menu: Static<typeof Menu> = { buttons: [] }
      for (const button of menu.buttons) if (button.type === 'copy') console.log(button.copyCode.trim())
      // @ts-expect-error
      for (const button of menu.buttons) button.nothing()`)
    t.doesNotThrow(() => compile(project, 'schemas.ts', 'nodenext', 'tsgo'))
  })

  t.test('passes publint and attw', async (t) => {
    run(bin('publint'), ['run', '--strict', tarball], project)
    run(bin('attw'), [tarball, '--profile', 'esm-only'], project)
    t.pass('neither complains')
  })
})

function countOf (name: string | undefined, names: ReadonlyArray<string | undefined>): number {
  return names.filter((each) => each === name).length
}
