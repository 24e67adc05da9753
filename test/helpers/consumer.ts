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
  'scripts/build-page.js', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'tsdown.config.ts', 'README.md',
  'CHANGELOG.md', 'LICENSE', 'SKILL.md', ...readPages().map(({ path }) => join('docs', path))
]

const cache = join(root, 'node_modules', '.cache', 'packed')
const lock = `${cache}.lock`

const compilers = { tsc: 'typescript/bin/tsc', tsgo: '@typescript/native-preview/lib/tsgo.js' }

/** `tsgo`, the next TypeScript, takes a third of the time of `tsc`. */
type Compiler = keyof typeof compilers

export function runCompiler (compiler: Compiler, project: string, cwd: string): void {
  // One thread needs less CPU time in total. The other tests use the other cores.
  const flags = compiler === 'tsgo' ? ['--singleThreaded'] : []
  run(process.execPath, [join(root, 'node_modules', compilers[compiler]), ...flags, '--project', project], cwd)
}

/** The package as npm packs it. */
interface Packed {
  readonly tarball: string
  readonly files: string[]
  /** In bytes. */
  readonly size: number
}

/**
 * Packs the package. It is built once for each state of the sources. A process waits while another process builds it.
 */
async function pack (): Promise<Packed> {
  const hash = createHash('sha256')
  const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .map((source) => join('lib', source))
    .filter((file) => statSync(join(root, file)).isFile())
    .sort()
  for (const file of [...inputs, ...sources]) hash.update(file).update(readFileSync(join(root, file)))
  const folder = join(cache, hash.digest('hex'))
  mkdirSync(cache, { recursive: true })
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
      if (!exists(folder)) build(folder)
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
  const [packed] = JSON.parse(readFileSync(join(folder, 'packed.json'), 'utf8'))
  const files: string[] = packed.files.map(({ path }: { path: string }) => path)
  return { tarball: join(folder, packed.filename), files, size: packed.size }
}

/** Does what `npm run build` does. The compiler's program does not start below tap. */
function build (folder: string): void {
  for (const old of readdirSync(cache)) rmSync(join(cache, old), { recursive: true })
  const begun = mkdtempSync(join(cache, 'begun-'))
  runCompiler('tsgo', 'tsconfig.build.json', root)
  run('npm', ['run', '--silent', 'bundle'], root)
  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', begun], root)
  writeFileSync(join(begun, 'packed.json'), packed)
  renameSync(begun, folder)
}

function exists (path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/**
 * Makes a project outside the repository that has the packed package, its dependencies, and the packages that the
 * documentation uses.
 */
export async function install (t: Test): Promise<Packed & { readonly project: string }> {
  const project = t.testdir({ 'package.json': JSON.stringify({ name: 'consumer', private: true, type: 'module' }) })
  const packed = await pack()
  run('tar', ['xzf', packed.tarball], project)
  const modules = join(project, 'node_modules')
  cpSync(join(project, 'package'), join(modules, manifest.name), { recursive: true })
  const { dependencies, peerDependencies } = manifest
  for (const name of [...Object.keys(dependencies), ...Object.keys(peerDependencies), ...companions, '@types']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  return { project, ...packed }
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
