/** The pages of the documentation: their titles, and their order in the sidebar and in llms.txt. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Page {
  /** Relative to `docs/`, such as `recipes/menu.md`. */
  readonly path: string
  /** The first heading. */
  readonly title: string
  /** The first sentence below it. */
  readonly description: string
  readonly text: string
}

export interface Group {
  readonly title: string
  readonly pages: Page[]
}

/** A name without an extension is a folder: its index comes first, then its other pages by name. */
const order: Record<string, string[]> = {
  Start: ['getting-started.md', 'receiving.md', 'sending.md', 'options.md', 'migration.md'],
  Events: ['events'],
  Delivery: ['delivery.md', 'inbox.md', 'polling.md', 'losses.md'],
  Development: ['testing.md', 'local-development.md', 'emulator.md', 'command-line.md'],
  Production: ['deploying.md', 'observability.md', 'troubleshooting.md'],
  Reference: ['green-api.md', 'openapi.md'],
  Recipes: ['recipes'],
  Contributing: ['architecture.md', 'decisions']
}

/** Returns all pages that are written by hand. */
export function readPages (): Page[] {
  return pagesIn('')
}

/** Returns the pages except the home page in the order of the sidebar. The last group has those that `order` lacks. */
export function groupPages (pages: Page[]): Group[] {
  const rest = new Map(pages.filter(({ path }) => path !== 'index.md').map((page) => [page.path, page]))
  const groups = Object.entries(order).map(([title, names]) => {
    const pages = names.flatMap((name) => [...rest.values()].filter(({ path }) => {
      return path === name || dirname(path) === name
    }))
    for (const { path } of pages) rest.delete(path)
    return { title, pages }
  })
  return [...groups, { title: 'More', pages: [...rest.values()] }].filter(({ pages }) => pages.length > 0)
}

// Generated pages are left out: another process may be writing them.
function pagesIn (folder: string): Page[] {
  const entries = readdirSync(join(root, 'docs', folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'api' && !name.startsWith('.'))
    .sort((a, b) => Number(isIndex(b.name)) - Number(isIndex(a.name)) || a.name.localeCompare(b.name))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return pagesIn(path)
    return path.endsWith('.md') ? [readPage(path)] : []
  })
}

function isIndex (name: string): boolean {
  return ['index.md', 'README.md'].includes(name)
}

function readPage (path: string): Page {
  const text = readFileSync(join(root, 'docs', path), 'utf8')
  const [, title = path, description = ''] = /^# (.+)\n+((?:(?!#|\||```|<|!).+\n)*)/m.exec(text) ?? []
  const [sentence = ''] = /^.+?[.:](?= |$)/.exec(plain(description)) ?? []
  return { path, title: plain(title), description: sentence.replace(/:$/, '.'), text }
}

function plain (markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '').replaceAll(/\s+/g, ' ').trim()
}
