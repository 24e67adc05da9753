// `npm run mutation` calls this for one room at a time, with the tests that have to notice a change in that room.
const tests = {
  body: ['body', 'http', 'polling'],
  dedup: ['dedup', 'delivery'],
  delivery: ['delivery', 'inbox'],
  http: ['http'],
  recognition: ['recognition']
}

const { MUTATION_ROOM: room = 'body' } = process.env

export default {
  mutate: [`lib/${room}/**/*.ts`],
  testRunner: 'tap',
  tap: {
    // Random bodies take too long for one run a mutation.
    testFiles: tests[room].map((folder) => `test/${folder}/!(fuzz).test.ts`),
    nodeArgs: ['--import', './test/helpers/from-source.js', '-r', '{{hookFile}}', '{{testFile}}']
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 5000,
  ignorePatterns: ['.tap', 'dist', 'docs', 'reference', 'test/slow'],
  incremental: true,
  incrementalFile: `node_modules/.cache/stryker/${room}.json`,
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { reportTests: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 85 }
}
