/** A project that uses the packed package, as its users do. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Runs a program; what it prints, or throws with it. */
export function run (program: string, args: string[], cwd: string, settings: Record<string, string> = {}): string {
  // Child processes that count coverage would count what they load from the package.
  const { NODE_V8_COVERAGE, NODE_OPTIONS, ...env } = process.env
  try {
    // On Windows, what npm installs are scripts of the shell's.
    const shell = process.platform === 'win32' && program !== process.execPath
    return execFileSync(program, args, { cwd, env: { ...env, ...settings }, encoding: 'utf8', stdio: 'pipe', shell })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string, stderr: string }
    throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`)
  }
}

export const bin = (name: string) => join(root, 'node_modules', '.bin', name)

/** What README and docs use beside the package. */
const companions = ['@fastify/rate-limit', '@fastify/swagger', '@green-api/whatsapp-api-client-js-v2']

/** The files that decide what is packed, beside those of `lib`. */
const inputs = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'README.md', 'CHANGELOG.md', 'LICENSE']

const cache = join(root, 'node_modules', '.cache', 'packed')

/**
 * The package as npm packs it, and its files. Built once for each state of the sources: whoever comes while another
 * process builds it waits for that.
 */
async function pack (): Promise<{ tarball: string, files: string[] }> {
  const hash = createHash('sha256')
  const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  for (const file of [...inputs, ...sources.sort().map((source) => join('lib', source))]) hash.update(file).update(readFileSync(join(root, file)))
  const folder = join(cache, hash.digest('hex'))
  mkdirSync(cache, { recursive: true })
  const lock = `${folder}.lock`
  while (!isThere(folder)) {
    try {
      mkdirSync(lock)
    } catch {
      // A process that was killed leaves its lock.
      if (isThere(lock) && Date.now() - statSync(lock).mtimeMs > 900_000) rmSync(lock, { recursive: true, force: true })
      await sleep(200)
      continue
    }
    try {
      // Another process may have built it since this one looked.
      if (!isThere(folder)) build(folder)
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
  const [packed] = JSON.parse(readFileSync(join(folder, 'packed.json'), 'utf8'))
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }: { path: string }) => path) }
}

function build (folder: string): void {
  for (const old of readdirSync(cache)) if (!old.endsWith('.lock')) rmSync(join(cache, old), { recursive: true })
  const begun = mkdtempSync(join(cache, 'begun-'))
  run('npm', ['run', '--silent', 'build'], root)
  writeFileSync(join(begun, 'packed.json'), run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', begun], root))
  renameSync(begun, folder)
}

function isThere (path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Makes a project elsewhere that has the packed package, what that asks for, and what the documentation uses beside it. */
export async function install (t: Test): Promise<{ project: string, tarball: string, files: string[] }> {
  const project = t.testdir({ 'package.json': JSON.stringify({ name: 'consumer', private: true, type: 'module' }) })
  const { tarball, files } = await pack()
  run('tar', ['xzf', tarball], project)
  const modules = join(project, 'node_modules')
  cpSync(join(project, 'package'), join(modules, manifest.name), { recursive: true })
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies), ...companions, '@types']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  return { project, tarball, files }
}

/** Puts a program into the project in which every line below a `@ts-expect-error` is a mistake. */
export function writeWrongProgram (project: string): void {
  cpSync(join(root, 'test', 'helpers', 'fixtures', 'programs', 'wrong.ts'), join(project, 'wrong.ts'))
}

const compilers = { tsc: 'typescript/bin/tsc', tsgo: '@typescript/native-preview/lib/tsgo.js' }

/**
 * Compiles some of the project's files strictly, its libraries included; what is emitted lies in `out`. `tsgo`, the
 * next TypeScript, takes half the time of `tsc`.
 */
export function compile (project: string, include: string, module: 'nodenext' | 'preserve', compiler: keyof typeof compilers = 'tsc'): void {
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
  run(process.execPath, [join(root, 'node_modules', compilers[compiler]), '--project', '.'], project)
}
