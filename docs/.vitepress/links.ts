/** Checks the links of documents, and directs those that leave `docs/` to the repository. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path/posix'
import GithubSlugger from 'github-slugger'
import { root } from './pages.ts'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

export const repository: string = manifest.repository.url.replace(/^git\+(.*)\.git$/, '$1')

const files = `${repository}/blob/main/`

/** Images are not in the packed package, so its pages have them from here. */
const rawFiles = `${repository}/raw/main/`

/** Returns the links of a document, those of HTML included. `document` is relative to the root of the repository. */
export function links (document: string): string[] {
  return [...prose(document).matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)"\s]+)[)"]/g)].map(([, link = '']) => link)
}

/** Returns the relative links, and the links to files of this repository, that have no target. */
export function deadLinks (document: string): string[] {
  return links(document).filter((link) => {
    const local = link.replace(files, '/').replace(rawFiles, '/')
    if (/^[a-z]+:/.test(local)) return false
    const [path = '', heading] = local.split('#')
    const target = path === '' ? document : path.startsWith('/') ? path.slice(1) : join(dirname(document), path)
    return !existsSync(join(root, target)) || (heading !== undefined && !anchors(target).includes(heading))
  })
}

/** Replaces relative links of a page that leave `docs/` by links to the repository. */
export function linkRepository (text: string, page: string): string {
  return text.replaceAll(/\]\((\.\.\/[^)\s]+)\)/g, (link, path) => {
    const target = join('docs', dirname(page), path)
    return target.startsWith('docs/') ? link : `](${files}${target})`
  })
}

/** Replaces the addresses of images by relative links, so that the site asks no other host. */
export function linkImages (text: string, page: string): string {
  return text.replaceAll(`${rawFiles}docs/`, `${relative(dirname(page), '') || '.'}/`)
}

function anchors (document: string): string[] {
  const slugger = new GithubSlugger()
  return [...prose(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => slugger.slug(heading))
}

function prose (document: string): string {
  return readFileSync(join(root, document), 'utf8').replaceAll(/^( *)```.*?^\1```$/gms, '')
}
