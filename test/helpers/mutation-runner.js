/**
 * A test runner for Stryker that runs the tests of a room in one process. Stryker's own runner for tap starts a process
 * for each test file and mutation, which takes longer than the tests.
 *
 * Test files get this module instead of tap. It collects their tests and runs those that execute the mutated code.
 */
import { globSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { relative, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

const tests = new Map()
let loading = ''
let t

/** What test files import as `t`. */
export default {
  test (title, ...rest) {
    const id = `${loading} ${tests.size} ${title}`
    tests.set(id, { id, fileName: loading, name: title, run: () => t.test(title, ...rest) })
  },
  // Stryker has its own timeout.
  setTimeout () {}
}

// The mutated code reads and writes this object.
const state = globalThis.__stryker__ ??= {}

class TapRunner {
  static inject = ['options']

  constructor ({ tapFiles }) {
    this.testFiles = tapFiles
  }

  capabilities () {
    return { reloadEnvironment: false }
  }

  async dryRun () {
    await this.#load()
    const results = []
    for (const test of tests.values()) {
      state.currentTestId = test.id
      results.push(await runTest(test))
      state.currentTestId = undefined
    }
    return { status: 'complete', tests: results, mutantCoverage: state.mutantCoverage }
  }

  async mutantRun ({ activeMutant, mutantActivation, hitLimit, testFilter }) {
    state.hitLimit = hitLimit
    state.hitCount = hitLimit === undefined ? undefined : 0
    // A static mutation is in code that runs while a module is loaded. Stryker starts a process for each.
    const isStatic = mutantActivation === 'static'
    if (isStatic) state.activeMutant = activeMutant.id
    try {
      await this.#load()
    } catch (error) {
      if (!isStatic) throw error
      return { status: 'killed', killedBy: [], failureMessage: String(error), nrOfTests: 0 }
    }
    state.activeMutant = activeMutant.id
    let nrOfTests = 0
    for (const id of testFilter ?? tests.keys()) {
      const test = tests.get(id)
      nrOfTests++
      const { status, failureMessage } = await runTest(test)
      if (state.hitCount > hitLimit) return { status: 'timeout', reason: 'hit limit' }
      if (status === 0) continue
      if (!isStatic) await assertPasses(test)
      return { status: 'killed', killedBy: [id], failureMessage, nrOfTests }
    }
    return { status: 'survived', nrOfTests }
  }

  async #load () {
    if (loading !== '') return
    t = await startTap()
    const testFolder = pathToFileURL(resolve('test')).href
    registerHooks({
      resolve: (specifier, context, next) => specifier === 'tap' && context.parentURL?.startsWith(testFolder)
        ? { url: import.meta.url, shortCircuit: true }
        : next(specifier, context)
    })
    // From Stryker's copy of the project, which has the mutations.
    await import(pathToFileURL(resolve('test/helpers/from-source.js')).href)
    for (const file of globSync(this.testFiles).sort()) {
      loading = relative('.', file)
      await import(pathToFileURL(resolve(file)).href)
    }
  }
}

async function startTap () {
  // Stryker has its own timeout.
  process.env.TAP_TIMEOUT = '0'
  // tap would send its timeout to the parent process, which is Stryker.
  const { send } = process
  process.send = undefined
  const { t: root } = await import('tap')
  process.send = send
  // tap lets the process end while it only waits for messages.
  process.channel?.ref()
  root.pipe(new Writable({ write: (chunk, encoding, done) => { done() } }))
  // tap ends its root as soon as no test is running.
  return await new Promise((resolve) => { root.test('mutations', (t) => new Promise(() => { resolve(t) })) })
}

async function runTest ({ id, name, fileName, run }) {
  const start = performance.now()
  const { ok, failures = [] } = await run()
  const failureMessage = failures.map(({ name }) => name).join('; ')
  return { id, name, fileName, timeSpentMs: performance.now() - start, status: ok ? 0 : 1, failureMessage }
}

// A test that fails without the mutation too was disturbed by an earlier mutation. After an error Stryker tries again
// in a new process.
async function assertPasses (test) {
  state.activeMutant = undefined
  const { status } = await runTest(test)
  if (status !== 0) throw new Error(`${test.id} fails without a mutation`)
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'tap-in-process', injectableClass: TapRunner }]

export const strykerValidationSchema = { properties: { tapFiles: { type: 'array', items: { type: 'string' } } } }
