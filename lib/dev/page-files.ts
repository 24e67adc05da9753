import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

interface Bundle {
  readonly script: string
  readonly style: string
}

/** Adds the routes of the page's files. They are read once. */
export async function addPageFiles (app: FastifyInstance): Promise<void> {
  const folder = new URL('./page/', import.meta.url)
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
  const { script, style } = existsSync(new URL('page.js', folder))
    ? { script: read('page.js'), style: read('page.css') }
    : await bundleSources()
  // The style is part of the page: a request of its own would delay the first paint on a slow network.
  const html = read('index.html').replace('<link rel="stylesheet" href="page.css">', () => `<style>${style}</style>`)
  const headers = {
    'content-security-policy': createPolicy(html),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-cache'
  }
  const files = [
    ['/', 'text/html; charset=utf-8', html],
    ['/page.js', 'text/javascript; charset=utf-8', script],
    ['/icon.svg', 'image/svg+xml', read('icon.svg')]
  ] as const
  for (const [url, type, text] of files) {
    const compressed = gzipSync(text)
    app.get(url, (request, reply) => {
      reply.headers(headers).type(type).header('vary', 'accept-encoding')
      if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(text)
      return reply.header('content-encoding', 'gzip').send(compressed)
    })
  }
}

// A clone has only the page's sources. The package always contains the bundle, but not this script.
async function bundleSources (): Promise<Bundle> {
  const { bundlePage }: { bundlePage: () => Promise<Bundle> } =
    await import(new URL('../../scripts/build-page.js', import.meta.url).href)
  return await bundlePage()
}

/** Allows only the page's own files, script and style, and forbids to turn a string into HTML. */
function createPolicy (html: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${hashContent(html, 'script')}`,
    `style-src ${hashContent(html, 'style')}`,
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'"
  ].join('; ')
}

function hashContent (html: string, tag: string): string {
  const [, content = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html) ?? []
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
}
