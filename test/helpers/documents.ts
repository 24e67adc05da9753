/** Reads the code and the links of README, SKILL.md and `docs/`. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from './consumer.ts'

/** A block of TypeScript in a document. */
export interface Snippet {
  /** The document and the line, such as `docs-testing-12`, so that compiler errors are easy to locate. */
  readonly name: string
  readonly code: string
  /** Whether a test can run it to its end. The document marks such a snippet with `<!-- run -->`. */
  readonly runs: boolean
}

/** Returns the paths of all documents, relative to the root. */
export function documents (): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  return ['README.md', 'SKILL.md', ...docs.filter((file) => file.endsWith('.md')).map((file) => join('docs', file))]
}

export function snippets (document: string): Snippet[] {
  const text = read(document)
  return [...text.matchAll(/(<!-- run -->\n+)?```ts\n(.*?)```/gs)].map(({ index, 1: mark, 2: code = '' }) => {
    const line = text.slice(0, index).split('\n').length
    return { name: `${document.replace('.md', '').replaceAll(/\W/g, '-')}-${line}`, code, runs: mark !== undefined }
  })
}

/** Returns the relative links without a target. Links to other hosts are not checked. */
export function deadLinks (document: string): string[] {
  const links = [...read(document).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => {
    const [path = '', heading] = link.split('#')
    const target = path === '' ? document : relative(root, join(root, dirname(document), path))
    return !existsSync(join(root, target)) || (heading !== undefined && !headings(target).includes(heading))
  })
}

// GitHub's anchors.
function headings (document: string): string[] {
  return [...read(document).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => {
    return title.toLowerCase().replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-')
  })
}

function read (document: string): string {
  return readFileSync(join(root, document), 'utf8')
}
