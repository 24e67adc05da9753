// Ten times the bodies of the fast run.
process.env.FUZZ_RUNS ??= '10000'
await import('../../recognition/fuzz.test.ts')
export {}
