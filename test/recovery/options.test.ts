import Fastify from 'fastify'
import greenApi, { type CredentialsLookup, type InstanceCredentials, type RecoverOptions } from 'fastify-green-api'
import { expectTypeOf } from 'expect-type'
import t from 'tap'
import { resolvePoll } from '../../lib/polling/options.ts'
import { resolveRecover } from '../../lib/recovery/options.ts'

const instances = { idInstance: 1101000001, apiTokenInstance: 'secret' }
const resolved = { apiUrl: 'https://api.green-api.com', idInstance: '1101000001', apiTokenInstance: 'secret' }
const minute = 60_000

t.test('the option recover has a type for durations and functions', async () => {
  expectTypeOf<'5 min' | '30s' | 1000>().toExtend<RecoverOptions['every']>()
  expectTypeOf<'5 minutes'>().not.toExtend<RecoverOptions['every']>()
  expectTypeOf<() => Promise<InstanceCredentials[]>>().toExtend<CredentialsLookup>()
})

t.test('resolveRecover fills in the defaults', async (t) => {
  t.strictSame(resolveRecover({ instances }, []), {
    instances: [resolved], every: 5 * minute, reach: 24 * 60 * minute, grace: 3 * minute, overlap: 0
  })
  t.strictSame(resolveRecover({ instances: [instances], every: '30 s', reach: '2 h', grace: 0, overlap: '1 min' }, []), {
    instances: [resolved], every: 30_000, reach: 120 * minute, grace: 0, overlap: minute
  })
})

t.test('resolveRecover adds the instances of poll, each instance once', async (t) => {
  const other = { ...instances, idInstance: 2 }
  const poll = resolvePoll([instances, other])
  t.match(resolveRecover(true, poll).instances, [resolved, { idInstance: '2' }])
  t.match(resolveRecover({ instances: { ...instances, apiTokenInstance: 'old' } }, poll).instances, [resolved, other])

  const lists = [
    resolveRecover({ instances: async () => other }, resolvePoll(instances)),
    resolveRecover({ instances: other }, resolvePoll(() => instances)),
    resolveRecover({ instances: () => [] }, resolvePoll(() => [other, instances]))
  ]
  for (const { instances: find } of lists) {
    if (typeof find !== 'function') throw new Error('not a function')
    t.match(new Set((await find()).map(({ idInstance }) => idInstance)), new Set(['1101000001', '2']))
  }
})

t.test('a wrong option recover throws while registering', async (t) => {
  const cases: Array<[unknown, RegExp]> = [
    [true, /recover has no instances: set recover.instances/],
    [{}, /recover has no instances/],
    [{ instances: [] }, /recover has no instances/],
    ['5 min', /The options for recover must be an object/],
    [null, /The options for recover must be an object/],
    [{ instances, evry: 5 }, /Unknown option `evry` for recover. Did you mean `every`\?/],
    [{ instances, every: '5 minutes' }, /recover.every must be a duration/],
    [{ instances, every: 999 }, /recover.every must be between 1 s/],
    [{ instances, every: 2 ** 31 }, /recover.every must be between 1 s/],
    [{ instances, reach: '25 h' }, /recover.reach must be at most 24 h/],
    [{ instances, grace: '24 h' }, /recover.grace must be shorter than recover.reach/],
    [{ instances, overlap: -1 }, /recover.overlap must be a duration/],
    [{ instances: { idInstance: 1 } }, /apiTokenInstance is undefined/],
    [{ instances: 'secret' }, /recover.instances/],
    [{ instances: { ...instances, token: 'x' } }, /Unknown option `token` for recover.instances/]
  ]
  for (const [recover, message] of cases) {
    const app = Fastify()
    // JavaScript programs can pass any value.
    const options = { token: 'secret', recover: recover as RecoverOptions }
    await t.rejects(async () => { await app.register(greenApi, options) }, { name: 'InvalidOptionError', message })
  }
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(greenApi, { token: 'secret', recover: false })
})
