// The package as `npm publish` builds it.
process.env.PACKAGE_COMPILER = 'tsc'
await import('../../package/package.test.ts')
export {}
