/** `node --import ./test/helpers/from-source.js …`: the package's own name leads to its sources, without a build. */
import module from 'node:module'
import * as hooks from './source-hooks.js'

// Node 20, which `npm run test:floor` may run on, has the older way only.
if (module.registerHooks === undefined) module.register('./source-hooks.js', import.meta.url)
else module.registerHooks(hooks)
