/**
 * Bundles the page of `fastify-green-api dev`: one script and one style sheet. As a program it writes them into `dist`.
 * A clone without `dist` bundles the page when it is opened.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const source = fileURLToPath(new URL('../lib/dev/page/', import.meta.url))

/** @returns {Promise<{ script: string, style: string }>} */
export async function bundlePage () {
  const { outputFiles } = await build({
    entryPoints: { page: `${source}main.ts`, style: `${source}style.css` },
    outdir: source,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome120', 'firefox120', 'safari17'],
    write: false,
    logLevel: 'error'
  })
  const find = (extension) => outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? ''
  return { script: find('.js'), style: find('.css') }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const target = fileURLToPath(new URL('../dist/cli/page/', import.meta.url))
  const { script, style } = await bundlePage()
  mkdirSync(target, { recursive: true })
  writeFileSync(`${target}page.js`, script)
  writeFileSync(`${target}page.css`, style)
  for (const name of ['index.html', 'icon.svg']) copyFileSync(`${source}${name}`, `${target}${name}`)
}
