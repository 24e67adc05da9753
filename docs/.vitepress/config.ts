import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path/posix'
import { slug } from 'github-slugger'
import { defineConfig, type DefaultTheme } from 'vitepress'
import { deadLinks, linkImages, linkRepository, repository } from './links.ts'
import { writeLlmsFiles } from './llms.ts'
import { groupPages, readPages, root } from './pages.ts'

const { name, description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const [owner, project] = repository.split('/').slice(-2)
const pages = readPages()
const groups = groupPages(pages)

const sidebar: DefaultTheme.SidebarMulti = {
  '/': groups.map(({ title, pages }) => ({
    text: title,
    collapsed: ['Events', 'Recipes', 'Contributing'].includes(title),
    items: pages.map(({ title, path }) => ({ text: title, link: `/${path}` }))
  })),
  '/api/': referenceSidebar()
}

/** Returns what TypeDoc has written. `npm run docs:dev` runs without it. */
function referenceSidebar (): DefaultTheme.SidebarItem[] {
  const file = new URL('../api/typedoc-sidebar.json', import.meta.url)
  if (!existsSync(file)) return []
  const items: DefaultTheme.SidebarItem[] = JSON.parse(readFileSync(file, 'utf8'))
  return items.map((item) => ({ ...item, collapsed: false }))
}

export default defineConfig({
  title: name,
  description,
  base: `/${project}/`,
  cleanUrls: true,
  // The same anchors as on GitHub.
  markdown: { anchor: { slugify: slug } },
  themeConfig: {
    nav: [
      { text: 'Guide', link: `/${groups[0]?.pages[0]?.path}`, activeMatch: '^/(?!api/)' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Changelog', link: `${repository}/blob/main/CHANGELOG.md` }
    ],
    sidebar,
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: { boostDocument: (id: string) => /\/(api|decisions)\//.test(id) ? 0.3 : 1 }
        }
      }
    }
  },
  vite: {
    plugins: [
      {
        name: 'dead-links',
        apply: 'build',
        // VitePress itself reports neither missing anchors nor links of the README.
        buildStart () {
          const documents = ['README.md', 'SKILL.md', ...pages.map(({ path }) => `docs/${path}`)]
          const dead = documents.flatMap((document) => deadLinks(document).map((link) => `${document}: ${link}`))
          if (dead.length > 0) throw new Error(`Links without a target:\n${dead.join('\n')}`)
        }
      },
      {
        name: 'links-to-the-repository',
        enforce: 'pre',
        transform (code, id) {
          const page = relative(join(root, 'docs'), id)
          if (page.startsWith('..') || !page.endsWith('.md')) return undefined
          return linkImages(linkRepository(code, page), page)
        }
      }
    ]
  },
  transformPageData ({ relativePath, frontmatter }) {
    if (relativePath.startsWith('api/')) return { frontmatter: { ...frontmatter, editLink: false } }
    return { description: pages.find(({ path }) => path === relativePath)?.description ?? description }
  },
  buildEnd ({ outDir }) {
    writeLlmsFiles(outDir, { url: `https://${owner}.github.io/${project}/`, title: name, description, groups })
  }
})
