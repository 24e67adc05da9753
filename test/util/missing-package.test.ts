import t from 'tap'
import { missingPackage } from '../../lib/util/missing-package.ts'

t.test('missingPackage names the command that installs a missing package', async (t) => {
  const advice = 'The package bullmq is not installed. Run: npm install bullmq ioredis'
  const messages = ["Cannot find package 'bullmq' imported from /dist/queue.js", "Cannot find module 'bullmq'\nRequire stack:"]
  for (const message of messages) t.equal(missingPackage(new Error(message), ['bullmq', 'ioredis']), advice)
  t.equal(missingPackage(new Error("Cannot find package 'tslib' imported from /bullmq"), ['bullmq', 'ioredis']), undefined)
  t.equal(missingPackage(new Error('another'), ['bullmq']), undefined)
})
