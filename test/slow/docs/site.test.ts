import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { readPages } from '../../../docs/.vitepress/pages.ts'
import { launchBrowser, withoutChromium } from '../../helpers/browser.ts'
import { manifest, root, run } from '../../helpers/consumer.ts'

t.setTimeout(900_000)

const base = '/fastify-green-api/'
const origin = 'http://docs.test'
const paths = readPages().map(({ path }) => path)

t.test('the site', async (t) => {
  const site = t.testdir()
  run('npm', ['run', '--silent', 'docs:build', '--', '--outDir', site], root)

  await t.test('has each page, and the reference of each entry point', async (t) => {
    const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json')
    const reference = entries.map((entry) => join('api', manifest.name, entry, 'index.md'))
    for (const path of [...paths, ...reference]) t.ok(existsSync(join(site, path.replace(/md$/, 'html'))), path)
  })

  await t.test('has an index for the search', async (t) => {
    const chunks = join(site, 'assets', 'chunks')
    const [file = ''] = readdirSync(chunks).filter((name) => name.includes('localSearchIndex'))
    const index = JSON.parse((await import(pathToFileURL(join(chunks, file)).href)).default)
    const found = new Set(Object.values<string>(index.documentIds).map((id) => id.split('#')[0]))
    const addresses = paths.map((path) => base + path.replace(/(index)?\.md$/, ''))
    t.strictSame(addresses.filter((address) => !found.has(address)), [])
  })

  await t.test('lists its pages in llms.txt, and has their texts', async (t) => {
    const list = readFileSync(join(site, 'llms.txt'), 'utf8')
    t.ok(list.startsWith(`# ${manifest.name}\n\n> ${manifest.description}\n`))
    const links = [...list.matchAll(/\]\(https:\/\/fastify-green-api\.github\.io\/fastify-green-api\/([^)]+)\)/g)]
      .map(([, path = '']) => path)
    const guide = paths.filter((path) => path !== 'index.md' && !path.startsWith('decisions/'))
    t.strictSame(links.toSorted(), ['SKILL.md', ...guide].toSorted())
    const all = readFileSync(join(site, 'llms-full.txt'), 'utf8')
    for (const path of links) {
      const text = readFileSync(join(site, path), 'utf8')
      t.ok(path === 'SKILL.md' || all.includes(text), path)
      t.notMatch(text, /\]\(\.\.\/(lib|examples)\//, 'links outside docs lead to the repository')
    }
  })

  await t.test('in a browser', { skip: withoutChromium }, async (t) => {
    const browser = await launchBrowser()
    t.teardown(() => browser.close())

    /** Opens a window that reads the built files, and records requests to other hosts. */
    async function open (t: Test, options: BrowserContextOptions): Promise<{ page: Page, strangers: string[] }> {
      const context = await browser.newContext(options)
      t.teardown(() => context.close())
      const page = await context.newPage()
      const strangers: string[] = []
      await page.route('**', async (route) => {
        const url = new URL(route.request().url())
        if (url.origin !== origin) {
          strangers.push(url.href)
          return await route.abort()
        }
        const path = join(site, url.pathname.slice(base.length))
        const file = [path, `${path}.html`, join(path, 'index.html')].find((path) => /\.\w+$/.test(path) && existsSync(path))
        await route.fulfill(file === undefined ? { status: 404 } : { path: file })
      })
      return { page, strangers }
    }

    await t.test('no page asks another host, or is wider than a phone', async (t) => {
      const { page, strangers } = await open(t, { viewport: { width: 390, height: 844 } })
      for (const path of paths) {
        const response = await page.goto(origin + base + path.replace(/\.md$/, ''))
        t.equal(response?.status(), 200, path)
        t.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, path)
      }
      t.strictSame(strangers, [])
    })

    await t.test('the search finds a page', async (t) => {
      const { page } = await open(t, { colorScheme: 'dark' })
      await page.goto(`${origin}${base}delivery`)
      t.equal(await page.evaluate("document.documentElement.classList.contains('dark')"), true)
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('searchbox').fill('dead letter')
      await page.locator('.VPLocalSearchBox .result').first().click()
      await page.waitForURL(/inbox|delivery|losses/)
    })
  })
})

t.test('the build fails if a link has no target', async (t) => {
  const project = t.testdir({ 'SKILL.md': '# Skill\n', docs: { 'delivery.md': '# Delivery\n\n## At least once\n' } })
  cpSync(join(root, 'package.json'), join(project, 'package.json'))
  for (const file of readdirSync(join(root, 'docs', '.vitepress')).filter((name) => name.endsWith('.ts'))) {
    cpSync(join(root, 'docs', '.vitepress', file), join(project, 'docs', '.vitepress', file))
  }
  const vitepress = join(root, 'node_modules', 'vitepress', 'bin', 'vitepress.js')
  const write = (document: string, ...links: string[]) => {
    writeFileSync(join(project, document), `# Title\n\n${links.map((link) => `- [A link](${link})\n`).join('')}`)
  }
  const build = () => run(process.execPath, [vitepress, 'build', join(project, 'docs')], project)

  write('README.md', 'docs/delivery.md')
  write('docs/index.md', 'delivery.md#at-least-once', '../README.md')
  build()

  const broken: Array<[document: string, ...links: string[]]> = [
    ['docs/index.md', 'missing.md', 'delivery.md#twice', '../lib/missing.ts'],
    ['README.md', 'docs/missing.md', `${manifest.homepage.split('#')[0]}/blob/main/docs/missing.md`]
  ]
  for (const [document, ...links] of broken) write(document, ...links)
  const error = t.throws(build)
  for (const [document, ...links] of broken) {
    for (const link of links) t.match(error, { message: `${document}: ${link}` })
  }
})
