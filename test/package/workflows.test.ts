import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { manifest, root } from '../helpers/consumer.ts'

interface Step { readonly uses?: string, readonly run?: string }
interface Job {
  readonly steps: Step[]
  readonly permissions?: Record<string, string>
  readonly strategy?: { matrix: Record<string, unknown[]> }
}
interface Workflow { readonly on: Record<string, unknown>, readonly jobs: Record<string, Job> }

const github = join(root, '.github')
const read = (file: string) => parse(readFileSync(join(github, file), 'utf8'), { strict: true })
const files = readdirSync(join(github, 'workflows'))
const workflows = new Map<string, Workflow>(files.map((file) => [file, read(join('workflows', file))]))
const jobs = [...workflows].flatMap(([file, { jobs }]) => Object.values(jobs).map((job) => ({ file, job })))

t.test('the workflows call only scripts of package.json', async (t) => {
  const lines = jobs.flatMap(({ file, job }) => {
    return job.steps.flatMap(({ run = '' }) => run.split('\n').map((line) => ({ file, line })))
  })
  const called = lines.flatMap(({ file, line }) => {
    const [, script = ''] = /^npm (?:run )?([\w:-]+)/.exec(line) ?? []
    return ['', 'ci', 'pkg', 'publish'].includes(script) ? [] : { file, script }
  })
  t.ok(called.length > 1)
  for (const { file, script } of called) t.ok(script in manifest.scripts, `${script}, in ${file}`)
})

t.test('every step has an action of a fixed version, or a command', async (t) => {
  for (const { file, job } of jobs) {
    for (const { uses, run } of job.steps) {
      t.ok(/^[\w-]+\/[\w-]+@v\d+$/.test(uses ?? '') || (run ?? '') !== '', `${file}: ${uses ?? run}`)
    }
  }
})

t.test('the tests run on every system, and on the oldest Node that the package supports', async (t) => {
  const matrix = workflows.get('ci.yml')?.jobs.test?.strategy?.matrix
  t.strictSame(matrix?.os, ['ubuntu-latest', 'windows-latest', 'macos-latest'])
  t.equal(`${matrix?.node?.[0]}`, /\d+/.exec(manifest.engines.node)?.[0])
})

t.test('the release workflow and package.json publish with provenance', async (t) => {
  const release = workflows.get('release.yml')
  t.strictSame(Object.keys(release?.on ?? {}), ['push'])
  t.equal(release?.jobs.publish?.permissions?.['id-token'], 'write')
  t.ok(release?.jobs.publish?.steps.some(({ run }) => run?.startsWith('npm publish --provenance')))
  t.strictSame(manifest.publishConfig, { access: 'public', provenance: true })
})

t.test('Dependabot updates dependencies and actions', async (t) => {
  const updates: Array<{ 'package-ecosystem': string }> = read('dependabot.yml').updates
  t.strictSame(updates.map((update) => update['package-ecosystem']), ['npm', 'github-actions'])
})
