import { createRequire } from 'node:module'
import { missingPackage } from '../util/missing-package.ts'

/**
 * Loads `prom-client` when it is used, so that a missing package is reported by this package and not by Node.
 *
 * In a bundle in CommonJS there is a `require`, which the bundler understands, and no `import.meta.url`.
 */
export function loadPromClient (): typeof import('prom-client') {
  try {
    // The result of require() has no type.
    return (typeof require === 'function'
      ? require('prom-client')
      : createRequire(import.meta.url)('prom-client')) as typeof import('prom-client')
  } catch (error) {
    const advice = missingPackage(error, ['prom-client'])
    throw advice === undefined ? error : new Error(advice)
  }
}
