import { EventEmitter } from 'node:events'
import { Emulator } from '../emulator/index.ts'
import type { Source, SourceEvents } from './source.ts'

/** The delay before a message is sent: a person should see that it is pending. */
const delaySendMessagesMilliseconds = 500

/** Creates a source that emulates GREEN-API. Its API is on the same port as the page. */
export function createEmulatedSource (webhookUrlToken: string): Source {
  const emulator = new Emulator({ instances: [{ settings: { webhookUrlToken, delaySendMessagesMilliseconds } }] })
  const instance = emulator.instance()
  const { idInstance, apiTokenInstance } = instance
  const events = new EventEmitter<SourceEvents>()
  emulator.on('queued', (notification) => { events.emit('queued', notification) })
  emulator.on('attempted', (attempt) => { events.emit('attempted', attempt) })
  emulator.on('delivered', (notification) => { events.emit('delivered', notification) })
  emulator.on('expired', (notification) => { events.emit('expired', notification) })
  return {
    events,
    server: emulator.server,
    emulator,
    get credentials () { return { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance } },
    get waiting () { return instance.queue.size },
    listen: (port) => emulator.listen({ port }),
    postTo: (webhookUrl) => instance.applySettings({ webhookUrl }),
    retryNow () { instance.retryNow() },
    close: () => emulator.close()
  }
}
