import { Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { InstanceSettings } from '../green-api/instance-settings.ts'
import { assertOption, assertKnownOptions } from '../util/check-options.ts'
import type { EmulatorOptions } from './emulator.ts'
import type { InstanceOptions } from './types.ts'

const validator = TypeCompiler.Compile(Type.Partial(InstanceSettings))

/** Checks what an emulator is made with, as somebody may write it whom no compiler warns. */
export function checkEmulator (options: EmulatorOptions): void {
  assertKnownOptions(options, 'an emulator', ['instances', 'clock', 'seed', 'faults', 'statuses', 'settingsDelay', 'statusDelay', 'logger'])
  const { instances, clock = {}, statuses, settingsDelay, statusDelay } = options
  assertOption(instances === undefined || Array.isArray(instances), 'instances must be a list, such as [{ idInstance: 1101000001 }]')
  assertOption(typeof clock === 'object', 'clock must be an object, such as { speed: 60 }')
  assertKnownOptions(clock, 'clock', ['speed', 'start'])
  assertOption(statuses === undefined || typeof statuses === 'function', "statuses must be a function, such as () => ['sent', 'delivered']")
  for (const [name, delay] of Object.entries({ settingsDelay, statusDelay })) {
    assertOption(delay === undefined || (Number.isFinite(delay) && delay >= 0), `${name} must be a number of milliseconds, such as 500`)
  }
}

/** Checks what an instance is made with. */
export function checkInstance (options: InstanceOptions): void {
  assertKnownOptions(options, 'an instance', ['idInstance', 'apiTokenInstance', 'wid', 'chatId', 'senderName', 'settings', 'stateInstance'])
  const { idInstance, settings, ...texts } = options
  assertOption(idInstance === undefined || /^\d+$/.test(String(idInstance)), 'idInstance must be a number, such as 1101000001')
  for (const [name, text] of Object.entries(texts)) assertOption(text === undefined || (typeof text === 'string' && text !== ''), `${name} must be a text that says something`)
  if (settings !== undefined) checkSettings(settings)
}

/** Checks some settings of an instance. */
export function checkSettings (settings: Partial<InstanceSettings>): void {
  assertKnownOptions(settings, 'settings', Object.keys(InstanceSettings.properties))
  const missing = Object.keys(settings).find((name) => Reflect.get(settings, name) === undefined)
  assertOption(missing === undefined, `${missing} is undefined (is the environment variable set?): give it a value, or leave it out`)
  const [wrong] = Array.from(validator.Errors(settings), ({ path, message }) => `${path.slice(1)} is wrong: ${message}`)
  assertOption(wrong === undefined, String(wrong))
  const { webhookUrl = '' } = settings
  assertOption(webhookUrl === '' || isHttp(webhookUrl), 'webhookUrl must be empty or a URL that starts with http:// or https://')
}

/** Whether notifications could be posted there. */
export function isHttp (url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
