import { Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { InstanceSettings } from '../green-api/index.ts'
import { assertOption, assertKnownOptions } from '../util/check-options.ts'
import type { EmulatorOptions, InstanceOptions } from './options.ts'

const emulatorOptionNames = [
  'instances', 'clock', 'seed', 'faults', 'statuses', 'settingsDelay', 'statusDelay', 'logger'
]
const instanceOptionNames = [
  'idInstance', 'apiTokenInstance', 'wid', 'chatId', 'senderName', 'settings', 'stateInstance'
]
const compiledSettings = TypeCompiler.Compile(Type.Partial(InstanceSettings))

/** Checks the options of an emulator at run time, for callers without TypeScript. */
export function validateEmulatorOptions (options: EmulatorOptions): void {
  assertKnownOptions(options, 'an emulator', emulatorOptionNames)
  const { instances, clock = {}, statuses, settingsDelay, statusDelay } = options
  assertOption(
    instances === undefined || Array.isArray(instances),
    'instances must be an array, such as [{ idInstance: 1101000001 }]'
  )
  assertOption(typeof clock === 'object', 'clock must be an object, such as { speed: 60 }')
  assertKnownOptions(clock, 'clock', ['speed', 'start'])
  assertOption(
    statuses === undefined || typeof statuses === 'function',
    "statuses must be a function, such as () => ['sent', 'delivered']"
  )
  for (const [name, delay] of Object.entries({ settingsDelay, statusDelay })) {
    assertOption(
      delay === undefined || (Number.isFinite(delay) && delay >= 0),
      `${name} must be a number of milliseconds, such as 500`
    )
  }
}

export function validateInstanceOptions (options: InstanceOptions): void {
  assertKnownOptions(options, 'an instance', instanceOptionNames)
  const { idInstance, settings, ...texts } = options
  assertOption(
    idInstance === undefined || /^\d+$/.test(String(idInstance)),
    'idInstance must be a number, such as 1101000001'
  )
  for (const [name, text] of Object.entries(texts)) {
    assertOption(text === undefined || (typeof text === 'string' && text !== ''), `${name} must be a non-empty string`)
  }
  if (settings !== undefined) validateSettings(settings)
}

export function validateSettings (settings: Partial<InstanceSettings>): void {
  assertKnownOptions(settings, 'settings', Object.keys(InstanceSettings.properties))
  const missing = Object.entries(settings).find(([, value]) => value === undefined)?.[0]
  assertOption(
    missing === undefined,
    `settings.${missing} is undefined (is the environment variable set?): set it, or leave it out`
  )
  const [invalid] = Array.from(
    compiledSettings.Errors(settings),
    ({ path, message }) => `settings.${path.slice(1)} is invalid: ${message.toLowerCase()}`
  )
  assertOption(invalid === undefined, String(invalid))
  const { webhookUrl = '' } = settings
  assertOption(
    webhookUrl === '' || isHttpUrl(webhookUrl),
    'settings.webhookUrl must be empty or a URL that starts with http:// or https://'
  )
}

export function isHttpUrl (url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
