/** `node --import ./test/helpers/from-source.js …` resolves imports of this package to its sources. */
import module from 'node:module'
import * as hooks from './source-hooks.js'

// `npm run test:floor` may run on Node 20, which has only `register`.
if (module.registerHooks === undefined) module.register('./source-hooks.js', import.meta.url)
else module.registerHooks(hooks)
