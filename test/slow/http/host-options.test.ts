// 2.5 times the hosts of the fast run.
process.env.FUZZ_RUNS ??= '1000'
await import('../../http/host-options.test.ts')
export {}
