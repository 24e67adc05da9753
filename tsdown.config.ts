import { defineConfig } from 'tsdown'
import manifest from './package.json' with { type: 'json' }

/** The entry points of package.json, such as `inbox/sqlite/index`. */
const entryPoints = Object.values(manifest.exports).flatMap((target) => {
  return typeof target === 'string' ? [] : [target.default.slice('./dist/'.length, -'.js'.length)]
})

/** Programs, which Node starts by their paths. */
const programs = ['cli/index', 'inbox/sqlite/store-thread']

const shared = {
  format: 'esm',
  fixedExtension: false,
  hash: false,
  tsconfig: 'tsconfig.build.json',
  report: false,
  logLevel: 'warn',
  failOnWarn: true,
  checks: { pluginTimings: false }
} as const

/** Other files that several entry points share get chunks of their own. */
const groups = [
  // The thread of an inbox and the command line load these files without the plugin.
  { name: 'base', test: source(/^(?:util|body)\/|^errors|^dedup\/retention/) },
  { name: 'plugin', test: source(/^(?:index|plugin|schemas\/)/) },
  // Without the file that loads node:http.
  { name: 'green-api', test: source(/^green-api\/(?!index\.ts|webhook-request)/) },
  { name: 'builders', test: source(/^builders\/(?!index\.ts)/) },
  { name: 'cli', test: source(/^cli\/(?!index|main|program|post)[\w-]+\.ts/) }
]

export default defineConfig([
  {
    ...shared,
    entry: filesOf([...entryPoints, ...programs], (name) => `lib/${name}.ts`),
    target: 'node20.19',
    dts: false,
    // Loading TypeBox's 300 files takes longer than loading the rest of the package.
    deps: { alwaysBundle: [/^@sinclair\/typebox/], onlyBundle: ['@sinclair/typebox'] },
    copy: [{ from: 'node_modules/@sinclair/typebox/license', to: 'dist', rename: 'typebox-license.txt' }],
    // The names of functions and classes stay, so that stack traces are readable.
    minify: { compress: true, mangle: { toplevel: false }, codegen: true },
    outputOptions: {
      // Docstrings are in the declarations.
      comments: { jsdoc: false },
      // Bundlers of applications replace `require('prom-client')` by the package.
      polyfillRequire: false,
      codeSplitting: { groups },
      chunkFileNames: nameChunk
    }
  },
  {
    ...shared,
    entry: filesOf(entryPoints, (name) => `node_modules/.cache/types/lib/${name}.d.ts`),
    clean: false,
    dts: { dtsOnly: true },
    outputOptions: { codeSplitting: { groups }, chunkFileNames: 'chunks/[name].d.ts' }
  }
])

function filesOf (names: readonly string[], toPath: (name: string) => string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, toPath(name)]))
}

/** Returns a test for the path of a file in `lib/`. */
function source (pattern: RegExp): (id: string) => boolean {
  return (id) => pattern.test(/.*[\\/]lib[\\/](.+)/.exec(id)?.[1]?.replaceAll('\\', '/') ?? '')
}

/** A chunk is in a folder of `dist`, because some sources read files by a path relative to their folder in `lib`. */
function nameChunk ({ facadeModuleId }: { facadeModuleId?: string | null }): string {
  const [, command] = /[\\/]lib[\\/]cli[\\/](\w+)[\\/]run\.ts$/.exec(facadeModuleId ?? '') ?? []
  return command === undefined ? 'chunks/[name].js' : `cli/${command}.js`
}
