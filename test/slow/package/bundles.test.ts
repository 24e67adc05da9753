import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import commonjsPlugin from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as esbuild, type BuildOptions } from 'esbuild'
import { rollup } from 'rollup'
import t, { type Test } from 'tap'
import { install, manifest } from '../../helpers/consumer.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'

t.setTimeout(600_000)

// Its types describe its build in CommonJS, and Node loads the other one.
const commonjs = commonjsPlugin as unknown as typeof commonjsPlugin.default

/** Packages that a bundle cannot contain, because they are native. */
const native = ['better-sqlite3']

/** Gives packages in CommonJS, such as Fastify, a `require` in ESM. esbuild's users have it in this form. */
const banner = "import { createRequire } from 'module'; const require = createRequire(import.meta.url);"

/** What a server does with the entry point `entry`. Each server imports it, and delivers a notification. */
const uses: Record<string, { options?: string, use?: string }> = {
  './inbox/sqlite': { options: 'inbox: entry.sqliteInbox({ path: process.argv[2] })' },
  './inbox/bullmq': { options: 'inbox: entry.bullmqInbox({ connection: process.env.REDIS, name: process.argv[3] })' },
  './metrics': { use: 'entry.collectMetrics(app)' },
  './emulator': {
    use: `const emulator = new entry.Emulator()
  await emulator.certificate()
  await emulator.close()`
  }
}

const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json')

function program (subpath: string): string {
  const { options = '', use = '' } = uses[subpath] ?? {}
  return `import { once } from 'node:events'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import * as entry from '${subpath.replace('.', 'fastify-green-api')}'

async function main () {
  const app = Fastify()
  await app.register(greenApi, { token: 'secret', ${options} })
  const delivered = once(app.greenApi, 'textMessage')
  ${use}
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const { status } = await fetch(url + '/green-api', {
    method: 'POST',
    headers: { authorization: 'Bearer secret' },
    body: JSON.stringify({
      type: 'incoming', idMessage: 'A', timestamp: 1, typeMessage: 'textMessage', chatId: '1@c.us', textMessage: 'hello'
    })
  })
  const [{ data }] = await delivered
  await app.close()
  console.log(status, data.text, Object.keys(entry).length > 0)
}
main()
`
}

t.test('a server that imports an entry point runs from a bundle', async (t) => {
  const { project } = await install(t)
  const redis = withoutRedis === false ? await RedisServer.start(t) : undefined
  const entries = subpaths.filter((subpath) => redis !== undefined || subpath !== './inbox/bullmq').map((subpath) => {
    const name = subpath.replaceAll(/\W+/g, '-')
    writeFileSync(join(project, `${name}.js`), program(subpath))
    return { subpath, name }
  })
  const inputs = Object.fromEntries(entries.map(({ name }) => [name, join(project, `${name}.js`)]))
  const optional = Object.keys(manifest.peerDependenciesMeta)

  function runAll (t: Test, folder: string, extension: string): void {
    for (const { subpath, name } of entries) {
      const args = [join(project, folder, name + extension), join(project, folder, `store-of-${name}`), folder + name]
      const env = { ...process.env, NODE_V8_COVERAGE: '', NODE_OPTIONS: '', REDIS: `redis://127.0.0.1:${redis?.port}` }
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, env, encoding: 'utf8', timeout: 30_000 })
      t.equal(stdout, '200 hello true\n', `${subpath} ${stderr}`)
    }
  }

  const builds: Array<[title: string, options: BuildOptions]> = [
    ['esbuild in CommonJS with all packages', { format: 'cjs', external: native }],
    ['esbuild in CommonJS without the optional packages', { format: 'cjs', external: optional }],
    ['esbuild in ESM with all packages', { format: 'esm', external: native, banner: { js: banner } }],
    ['esbuild in ESM without the optional packages', { format: 'esm', external: optional, banner: { js: banner } }],
    ['esbuild in ESM without Fastify', { format: 'esm', external: [...optional, 'fastify', 'fastify-plugin'] }]
  ]
  for (const [title, options] of builds) {
    await t.test(title, async (t) => {
      const folder = title.replaceAll(' ', '-')
      const extension = options.format === 'cjs' ? '.cjs' : '.mjs'
      await esbuild({
        ...options,
        absWorkingDir: project,
        entryPoints: inputs,
        bundle: true,
        platform: 'node',
        outdir: folder,
        outExtension: { '.js': extension },
        logLevel: 'error'
      })
      runAll(t, folder, extension)
    })
  }

  for (const format of ['cjs', 'es'] as const) {
    await t.test(`rollup in ${format === 'cjs' ? 'CommonJS' : 'ESM'} without Fastify`, async (t) => {
      const bundle = await rollup({
        input: inputs,
        external: [...optional, 'fastify', /^node:/],
        plugins: [nodeResolve({ preferBuiltins: true }), commonjs()],
        onLog () {}
      })
      const extension = format === 'cjs' ? '.cjs' : '.mjs'
      await bundle.write({
        dir: join(project, `rollup-${format}`),
        format,
        entryFileNames: `[name]${extension}`,
        chunkFileNames: `[name]-[hash]${extension}`
      })
      await bundle.close()
      runAll(t, `rollup-${format}`, extension)
    })
  }
})
