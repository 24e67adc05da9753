// Ten times the contents of the fast run.
process.env.BUILDER_RUNS ??= '300'
await import('../../builders/builders.test.ts')
export {}
