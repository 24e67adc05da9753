import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { manifest, root } from '../helpers/consumer.ts'

interface Step { readonly uses?: string, readonly run?: string, readonly with?: Record<string, unknown> }
interface Job {
  readonly steps: Step[]
  readonly permissions?: Record<string, string>
  readonly 'timeout-minutes'?: number
  readonly strategy?: { matrix: { os?: string[], node?: number[], include?: Array<Record<string, string>> } }
}
interface Workflow {
  readonly on: Record<string, { branches?: string[] } | null>
  readonly permissions: Record<string, string>
  readonly jobs: Record<string, Job>
}

const github = join(root, '.github')
const readText = (file: string) => readFileSync(join(github, file), 'utf8')
const read = (file: string) => parse(readText(file), { strict: true })
const files = readdirSync(join(github, 'workflows')).map((file) => `workflows/${file}`)
const actions = readdirSync(join(github, 'actions')).map((name) => `actions/${name}/action.yml`)
const workflows = new Map<string, Workflow>(files.map((file) => [basename(file), read(file)]))
const jobs = [...workflows].flatMap(([file, { jobs }]) => {
  return Object.entries(jobs).map(([name, job]) => ({ file: `${file}: ${name}`, job }))
})
const steps: Array<{ file: string, step: Step }> = [
  ...jobs.flatMap(({ file, job }) => job.steps.map((step) => ({ file, step }))),
  ...actions.flatMap((file) => read(file).runs.steps.map((step: Step) => ({ file, step })))
]
const systems = ['ubuntu-latest', 'windows-latest', 'macos-latest']

t.test('the workflows call only scripts of package.json', async (t) => {
  const lines = steps.flatMap(({ file, step: { run = '' } }) => run.split('\n').map((line) => ({ file, line })))
  const called = lines.flatMap(({ file, line }) => {
    const [, script = ''] = /^npm (?:run )?([\w:-]+)/.exec(line) ?? []
    return ['', 'ci', 'install', 'uninstall'].includes(script) ? [] : { file, script }
  })
  t.ok(called.length > 1)
  for (const { file, script } of called) t.ok(script in manifest.scripts, `${script}, in ${file}`)
})

t.test('every action is pinned by the hash of a commit, with its version in a comment', async (t) => {
  const pinned = new Map<string, string>()
  for (const file of [...files, ...actions]) {
    for (const [, name = '', version = ''] of readText(file).matchAll(/uses: (?!\.\/)([^@\s]+)(.*)/g)) {
      t.match(version, /^@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${name}, in ${file}`)
      const repository = name.split('/').slice(0, 2).join('/')
      t.equal(version, pinned.get(repository) ?? version, `${repository} has one version`)
      pinned.set(repository, version)
    }
  }
  t.ok(pinned.size > 3)
})

t.test('a step runs an action or a command, and no command contains text of an event', async (t) => {
  for (const { file, step: { uses, run = '' } } of steps) {
    t.ok((uses !== undefined) !== (run !== ''), file)
    if (uses?.startsWith('./')) t.ok(actions.includes(`${uses.slice('./.github/'.length)}/action.yml`), uses)
    t.notMatch(run, '${{ github', file)
  }
})

t.test('a workflow may read, and a job only what it needs besides', async (t) => {
  for (const [file, { permissions }] of workflows) t.strictSame(permissions, { contents: 'read' }, file)
  const granted = jobs.flatMap(({ file, job: { permissions } }) => permissions === undefined ? [] : [[file, permissions]])
  t.strictSame(Object.fromEntries(granted), {
    'docs.yml: deploy': { pages: 'write', 'id-token': 'write' },
    'release.yml: version': { contents: 'write', 'pull-requests': 'write' },
    'release.yml: publish': { contents: 'write', 'id-token': 'write' }
  })
  for (const { file, job } of jobs) t.ok(Number(job['timeout-minutes']) > 0, `${file} ends`)
  const checkouts = steps.filter(({ step: { uses } }) => uses?.startsWith('actions/checkout@'))
  t.ok(checkouts.length > 1)
  for (const { file, step } of checkouts) t.equal(step.with?.['persist-credentials'], false, file)
})

t.test('the tests run on every system, with every supported Node, and with the next types, Fastify and BullMQ', async (t) => {
  const { test, core, next } = workflows.get('ci.yml')?.jobs ?? {}
  t.strictSame(test?.strategy?.matrix, { os: systems, node: [22, 24, 26] })
  t.strictSame(core?.strategy?.matrix, { os: systems })
  const oldest = core?.steps.find(({ uses }) => uses === './.github/actions/install')?.with?.['node-version']
  t.equal(`${oldest}`, /\d+/.exec(manifest.engines.node)?.[0])
  const packages = next?.strategy?.matrix.include?.map((item) => item.package)
  t.strictSame(packages, ['@types/node@latest', 'fastify@^6.0.0-0', 'bullmq@latest'])
})

t.test('the release workflow publishes from main, with provenance', async (t) => {
  const { on, jobs = {} } = workflows.get('release.yml') ?? {}
  t.strictSame(on, { push: { branches: [read('../.changeset/config.json').baseBranch] } })
  t.ok(jobs.publish?.steps.some(({ uses }) => uses?.startsWith('changesets/action/publish@')))
  t.strictSame(manifest.publishConfig, { access: 'public', provenance: true })
  // npm compares it with the repository that publishes.
  t.match(manifest.repository.url, /^git\+https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/)
})

t.test('the documentation workflow deploys what npm run docs:build writes', async (t) => {
  const steps = workflows.get('docs.yml')?.jobs.build?.steps ?? []
  t.ok(steps.some(({ run }) => run === 'npm run docs:build'))
  t.match(manifest.scripts['docs:build'], / vitepress build docs$/)
  t.equal(steps.at(-1)?.with?.path, 'docs/.vitepress/dist')
})

t.test('Dependabot updates dependencies and actions', async (t) => {
  const updates: Array<{ 'package-ecosystem': string }> = read('dependabot.yml').updates
  t.strictSame(updates.map((update) => update['package-ecosystem']), ['npm', 'github-actions'])
})
