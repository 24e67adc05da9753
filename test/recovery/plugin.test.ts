import type { RecoverMessage } from 'fastify-green-api/diagnostics'
import { Emulator } from 'fastify-green-api/emulator'
import t, { type Test } from 'tap'
import { token } from '../helpers/app.ts'
import { startWithRecovery } from '../helpers/recovery.ts'
import { until } from '../helpers/until.ts'

const instances = { idInstance: 1101000001, apiTokenInstance: 'emulated-token' }

async function emulate (t: Test): Promise<{ emulator: Emulator, apiUrl: string }> {
  const emulator = new Emulator({ seed: t.name })
  t.teardown(() => emulator.close())
  return { emulator, apiUrl: await emulator.listen() }
}

/** Loses a message, and waits until the next pass. */
async function lose (emulator: Emulator, text: string, passes: RecoverMessage[]): Promise<void> {
  const instance = emulator.instance()
  instance.setFaults({ lost: 1 })
  instance.receive(instance.build.textMessage({ text }))
  await emulator.clock.advance(4 * 60_000)
  const { length } = passes
  await until(() => passes.length > length)
}

t.test('the plugin recovers messages of instances whose notifications are pushed', async (t) => {
  const { emulator, apiUrl } = await emulate(t)
  const recover = { every: '1 s', instances: { ...instances, apiUrl } } as const
  const { events, passes } = await startWithRecovery(t, { token, recover })
  await until(() => passes.length === 1)

  await lose(emulator, 'lost', passes)

  t.match(events, [{ name: 'textMessage', recovered: true, data: { text: 'lost' } }])
  t.match(passes.at(-1), { idInstance: '1101000001', recovered: { textMessage: 1 } })
})

t.test('the plugin recovers messages of polled instances, also when they come and go', async (t) => {
  for (const lookup of [false, true]) {
    const { emulator, apiUrl } = await emulate(t)
    const instance = { ...instances, apiUrl }
    const poll = lookup ? async () => [instance] : instance
    const { events, passes } = await startWithRecovery(t, { path: false, poll, recover: { every: 1000 } })
    await until(() => passes.length === 1)

    await lose(emulator, 'lost', passes)
    emulator.instance().setFaults({})
    emulator.instance().receive(emulator.instance().build.textMessage({ text: 'sent' }))
    await until(() => events.length === 2)

    t.match(events, [{ recovered: true, data: { text: 'lost' } }, { data: { text: 'sent' } }])
    t.notOk('recovered' in (events[1] ?? {}))
  }
})

t.test('close ends the passes', async (t) => {
  const { emulator, apiUrl } = await emulate(t)
  const recover = { every: 1000, instances: { ...instances, apiUrl } }
  const { app, passes } = await startWithRecovery(t, { token, recover })
  await until(() => passes.length === 1)
  let requests = 0
  emulator.server.server.on('request', () => { requests++ })

  await app.close()
  await new Promise((resolve) => { setTimeout(resolve, 1200) })

  t.equal(requests, 0)
})
