// `npm run mutation` calls this for one room at a time, with the tests that have to notice a change in that room.
const tests = {
  body: ['body/*'],
  dedup: ['dedup/*'],
  delivery: ['delivery/*', 'diagnostics/*'],
  http: ['http/*'],
  // Without random bodies, which take too long for one run a mutation.
  recognition: ['recognition/!(fuzz)']
}

const { MUTATION_ROOM: room = 'body' } = process.env

export default {
  mutate: [`lib/${room}/**/*.ts`],
  plugins: ['./test/helpers/mutation-runner.js'],
  testRunner: 'tap-in-process',
  // Not Stryker's option `testFiles`: with it, mutations of code that runs while a module is loaded are never active.
  tapFiles: tests[room].map((files) => `test/${files}.test.ts`),
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 5000,
  timeoutFactor: 1.5,
  ignorePatterns: ['.tap', 'dist', 'docs', 'reference', 'test/slow'],
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { reportTests: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 85 }
}
