import { errorMessage } from './error-message.ts'

/**
 * Returns the command that installs the packages, if an error of `import()` or `require()` is that one of them is
 * missing. Returns `undefined` for all other errors.
 */
export function missingPackage (error: unknown, names: readonly string[], options = ''): string | undefined {
  const [, missing = ''] = /Cannot find (?:package|module) '([^']+)'/.exec(errorMessage(error)) ?? []
  if (!names.includes(missing)) return
  return `The package ${missing} is not installed. Run: npm install ${options}${names.join(' ')}`
}
