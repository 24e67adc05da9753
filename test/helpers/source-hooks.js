import { readFileSync } from 'node:fs'

const root = new URL('../..', import.meta.url)
const { name, exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

// Maps each entry point to its source: `fastify-green-api/testing` to `lib/testing/index.ts`.
const sources = new Map(Object.entries(exports).flatMap(([subpath, { default: built }]) => {
  if (built === undefined) return []
  const source = built.replace('./dist/', './lib/').replace(/\.js$/, '.ts')
  return [[`${name}${subpath.slice(1)}`, new URL(source, root).href]]
}))

export function resolve (specifier, context, next) {
  return next(sources.get(specifier) ?? specifier, context)
}
