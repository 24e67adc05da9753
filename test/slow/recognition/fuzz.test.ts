// Twenty times the bodies of the fast run.
process.env.FUZZ_RUNS ??= '20000'
await import('../../recognition/fuzz.test.ts')
export {}
