/** A project that uses the packed package as applications do. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { readPages } from '../../docs/.vitepress/pages.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Runs a program, and returns its output. Throws with the output if the program fails. */
export function run (program: string, args: string[], cwd: string, settings: Record<string, string> = {}): string {
  // Otherwise coverage would count the installed package.
  const { NODE_V8_COVERAGE, NODE_OPTIONS, ...env } = process.env
  try {
    // The commands that npm installs are shell scripts on Windows.
    const shell = process.platform === 'win32' && program !== process.execPath
    return execFileSync(program, args, { cwd, env: { ...env, ...settings }, encoding: 'utf8', stdio: 'pipe', shell })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string, stderr: string }
    throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`)
  }
}

export const bin = (name: string) => join(root, 'node_modules', '.bin', name)

/** Packages that the code of README and docs imports. */
const companions = ['@fastify/rate-limit', '@fastify/swagger', '@green-api/whatsapp-api-client-js-v2', 'typebox']

/** The files outside `lib` that the package depends on. */
const inputs = [
  'scripts/build-page.js', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'README.md', 'CHANGELOG.md', 'LICENSE',
  'SKILL.md', ...readPages().map(({ path }) => join('docs', path))
]

const cache = join(root, 'node_modules', '.cache', 'packed')

const compilers = { tsc: 'typescript/bin/tsc', tsgo: '@typescript/native-preview/lib/tsgo.js' }

/** `tsgo`, the next TypeScript, takes a third of the time of `tsc`. */
type Compiler = keyof typeof compilers

export function runCompiler (compiler: Compiler, project: string, cwd: string): void {
  // One thread needs less CPU time in total. The other tests use the other cores.
  const flags = compiler === 'tsgo' ? ['--singleThreaded'] : []
  run(process.execPath, [join(root, 'node_modules', compilers[compiler]), ...flags, '--project', project], cwd)
}

/**
 * The package as npm packs it, and its files. It is built once for each state of the sources. A process waits while
 * another process builds it.
 */
async function pack (compiler: Compiler): Promise<{ tarball: string, files: string[] }> {
  const hash = createHash('sha256')
  const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .map((source) => join('lib', source))
    .filter((file) => statSync(join(root, file)).isFile())
    .sort()
  for (const file of [...inputs, ...sources]) hash.update(file).update(readFileSync(join(root, file)))
  const builds = join(cache, compiler)
  const folder = join(builds, hash.digest('hex'))
  mkdirSync(builds, { recursive: true })
  const lock = join(cache, 'lock')
  while (!exists(folder)) {
    try {
      mkdirSync(lock)
    } catch {
      // A killed process leaves its lock.
      const isStale = exists(lock) && Date.now() - statSync(lock).mtimeMs > 900_000
      if (isStale) rmSync(lock, { recursive: true, force: true })
      await sleep(200)
      continue
    }
    try {
      // Another process may have built it since this one looked.
      if (!exists(folder)) build(folder, compiler)
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
  const [packed] = JSON.parse(readFileSync(join(folder, 'packed.json'), 'utf8'))
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }: { path: string }) => path) }
}

/** Builds the package as `npm run build` does. What `tsgo` writes differs only in the quotes of imports. */
function build (folder: string, compiler: Compiler): void {
  const builds = dirname(folder)
  for (const old of readdirSync(builds)) rmSync(join(builds, old), { recursive: true })
  const begun = mkdtempSync(join(builds, 'begun-'))
  if (compiler === 'tsc') {
    run('npm', ['run', '--silent', 'build'], root)
  } else {
    rmSync(join(root, 'dist'), { recursive: true, force: true })
    runCompiler(compiler, 'tsconfig.build.json', root)
    run(process.execPath, ['scripts/build-page.js'], root)
  }
  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', begun], root)
  writeFileSync(join(begun, 'packed.json'), packed)
  renameSync(begun, folder)
}

function exists (path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/**
 * Makes a project outside the repository that has the packed package, its dependencies, and the packages that the
 * documentation uses. With `tsc`, the package has the files that `npm publish` uploads.
 */
export async function install (
  t: Test, compiler: Compiler
): Promise<{ project: string, tarball: string, files: string[] }> {
  const project = t.testdir({ 'package.json': JSON.stringify({ name: 'consumer', private: true, type: 'module' }) })
  const { tarball, files } = await pack(compiler)
  run('tar', ['xzf', tarball], project)
  const modules = join(project, 'node_modules')
  cpSync(join(project, 'package'), join(modules, manifest.name), { recursive: true })
  const { dependencies, peerDependencies } = manifest
  for (const name of [...Object.keys(dependencies), ...Object.keys(peerDependencies), ...companions, '@types']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  return { project, tarball, files }
}

/** Adds a program in which every line after a `@ts-expect-error` has a type error. */
export function writeWrongProgram (project: string): void {
  cpSync(join(root, 'test', 'helpers', 'fixtures', 'programs', 'wrong.ts'), join(project, 'wrong.ts'))
}

/** Compiles files of the project strictly, with its libraries, into the folder `out`. */
export function compile (project: string, include: string, module: 'nodenext' | 'preserve', compiler: Compiler = 'tsc'): void {
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      target: 'es2023',
      module,
      strict: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      types: ['node'],
      rootDir: '.',
      outDir: 'out'
    },
    include: [include]
  }))
  runCompiler(compiler, '.', project)
}
