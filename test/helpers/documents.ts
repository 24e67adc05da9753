/** Reads the code of README, SKILL.md and `docs/`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPages } from '../../docs/.vitepress/pages.ts'
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
  return ['README.md', 'SKILL.md', ...readPages().map(({ path }) => `docs/${path}`)]
}

export function snippets (document: string): Snippet[] {
  const text = read(document)
  return [...text.matchAll(/(<!-- run -->\n+)?```ts\n(.*?)```/gs)].map(({ index, 1: mark, 2: code = '' }) => {
    const line = text.slice(0, index).split('\n').length
    return { name: `${document.replace('.md', '').replaceAll(/\W/g, '-')}-${line}`, code, runs: mark !== undefined }
  })
}

function read (document: string): string {
  return readFileSync(join(root, document), 'utf8')
}
