import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { links } from '../../docs/.vitepress/links.ts'
import { bin, install, manifest, run } from '../helpers/consumer.ts'
import { until } from '../helpers/until.ts'

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
  const { project, tarball, files } = await install(t, process.env.PACKAGE_COMPILER === 'tsc' ? 'tsc' : 'tsgo')

  t.test('holds what users need and nothing else', async (t) => {
    for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md', 'SKILL.md', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'docs/delivery.md']) t.ok(files.includes(file), file)
    t.strictSame(files.filter((file) => /^(lib|test|examples|docs\/(\.vitepress|api|decisions|images))\/|\.ts$/.test(file) && !file.endsWith('.d.ts')), [])
    t.strictSame(Object.keys(manifest.dependencies).sort(), [...commandLine, '@sinclair/typebox', 'fastify-plugin'].sort())
  })

  t.test('has the targets of the links in its README and its SKILL.md', async (t) => {
    for (const document of ['README.md', 'SKILL.md']) {
      const targets = links(document).filter((link) => !/^[a-z]+:/.test(link)).map((link) => link.replace(/#.*/, ''))
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

  t.test('loads what the command line is made of for the command line alone', async (t) => {
    const library = files.filter((file) => file.endsWith('.js') && !/^dist\/cli[./]/.test(file))
    t.ok(library.length > 0)
    for (const file of library) {
      const code = readFileSync(join(project, 'package', file), 'utf8')
      for (const name of commandLine) t.notOk(code.includes(`'${name}'`), `${file} does without ${name}`)
    }
  })

  t.test('passes publint and attw', async (t) => {
    run(bin('publint'), ['run', '--strict', tarball], project)
    run(bin('attw'), [tarball, '--profile', 'esm-only'], project)
    t.pass('neither complains')
  })
})
