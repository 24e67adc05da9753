/** A project that uses the packed package, as its users do. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

/** Makes a project elsewhere that has the packed package, what that asks for, and what the documentation uses beside it. */
export function install (t: Test): { project: string, tarball: string, files: string[] } {
  const project = t.testdir({ 'package.json': JSON.stringify({ name: 'consumer', private: true, type: 'module' }) })
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], root))
  const tarball = join(project, packed.filename)
  run('tar', ['xzf', tarball], project)
  const modules = join(project, 'node_modules')
  cpSync(join(project, 'package'), join(modules, manifest.name), { recursive: true })
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies), ...companions, '@types']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  return { project, tarball, files: packed.files.map(({ path }: { path: string }) => path) }
}

/** Compiles some of the project's files strictly, its libraries included; what is emitted lies in `out`. */
export function compile (project: string, include: string, module: 'nodenext' | 'preserve'): void {
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
  run(bin('tsc'), ['--project', '.'], project)
}
