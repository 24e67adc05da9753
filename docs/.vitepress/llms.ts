/** Writes the documentation for language models: llms.txt, llms-full.txt, and the Markdown of each page. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { linkRepository } from './links.ts'
import { root, type Group, type Page } from './pages.ts'

interface Site {
  readonly url: string
  readonly title: string
  readonly description: string
  readonly groups: Group[]
}

export function writeLlmsFiles (folder: string, site: Site): void {
  const { url, title, description } = site
  // Decision records are for contributors.
  const groups = site.groups.map(({ title, pages }) => {
    return { title, pages: pages.filter(({ path }) => !path.startsWith('decisions/')) }
  })
  const sections = [
    `# ${title}`,
    `> ${description}`,
    `Instructions for coding agents: [SKILL.md](${url}SKILL.md)`,
    ...groups.map((group) => `## ${group.title}\n\n${group.pages.map(entry).join('\n')}`)
  ]
  writeFileSync(join(folder, 'llms.txt'), `${sections.join('\n\n')}\n`)
  copyFileSync(join(root, 'SKILL.md'), join(folder, 'SKILL.md'))

  const texts = groups.flatMap(({ pages }) => pages.map(({ path, text }) => {
    const linked = linkRepository(text, path)
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), linked)
    return `<!-- ${url}${path} -->\n\n${linked}`
  }))
  writeFileSync(join(folder, 'llms-full.txt'), texts.join('\n'))

  function entry ({ path, title, description }: Page): string {
    return `- [${title}](${url}${path})${description === '' ? '' : `: ${description}`}`
  }
}
