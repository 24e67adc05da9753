// Under another name, because users of esbuild declare `createRequire` at the top of their bundles.
import { createRequire as createNodeRequire } from 'node:module'
import { missingPackage } from '../util/missing-package.ts'

type PromClient = typeof import('prom-client')

/** Loads `prom-client` when it is used, so that a missing package is reported by this package and not by Node. */
export function loadPromClient (): PromClient {
  try {
    return requirePromClient()
  } catch (error) {
    const advice = missingPackage(error, ['prom-client'])
    throw advice === undefined ? error : new Error(advice)
  }
}

function requirePromClient (): PromClient {
  try {
    // Works in bundles: bundlers replace the call by the package. ES modules of Node have no `require`.
    return require('prom-client')
  } catch (error) {
    // A bundle in CommonJS has no import.meta.url.
    const { url }: { url?: string } = import.meta
    if (url === undefined) throw error
    return createNodeRequire(url)('prom-client')
  }
}
