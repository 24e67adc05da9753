import * as Type from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { InvalidOptionError } from '../errors.ts'
import { InstanceSettings, normalizeSettings, type InstanceSettingsInput } from '../green-api/index.ts'
import { assertOption, assertKnownOptions } from '../util/check-options.ts'
import { validateFaults } from './faults.ts'
import { typeInstances, type EmulatorOptions, type InstanceOptions } from './options.ts'
import type { Plan } from './plan.ts'

const emulatorOptionNames = [
  'instances', 'clock', 'seed', 'faults', 'statuses', 'settingsDelay', 'statusDelay', 'rateLimits',
  'logger'
]
const instanceOptionNames = [
  'idInstance', 'apiTokenInstance', 'typeInstance', 'wid', 'chatId', 'senderName', 'settings', 'stateInstance', 'plan'
]
const compiledSettings = TypeCompiler.Compile(Type.Partial(InstanceSettings))

/** Checks the options of an emulator at run time, for callers without TypeScript. */
export function validateEmulatorOptions (options: EmulatorOptions): void {
  assertKnownOptions(options, 'an emulator', emulatorOptionNames)
  const { instances, clock = {}, faults = {}, statuses, settingsDelay, statusDelay, rateLimits } = options
  assertOption(
    instances === undefined || Array.isArray(instances),
    'instances must be an array, such as [{ idInstance: 1101000001 }]'
  )
  assertOption(typeof clock === 'object', 'clock must be an object, such as { speed: 60 }')
  assertKnownOptions(clock, 'clock', ['speed', 'start'])
  validateFaults(faults)
  assertOption(
    statuses === undefined || typeof statuses === 'function',
    "statuses must be a function, such as () => ['sent', 'delivered']"
  )
  assertOption(rateLimits === undefined || typeof rateLimits === 'boolean', 'rateLimits must be true or false')
  for (const [name, delay] of Object.entries({ settingsDelay, statusDelay })) {
    assertOption(
      delay === undefined || (Number.isFinite(delay) && delay >= 0),
      `${name} must be a number of milliseconds, such as 500`
    )
  }
}

/** Begins the message of an invalid option with a name, such as that of the instance. */
export function prefixErrors<Result> (name: string, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    throw error instanceof InvalidOptionError ? new InvalidOptionError(`${name}: ${error.message}`) : error
  }
}

export function validateInstanceOptions (options: InstanceOptions): void {
  assertKnownOptions(options, 'an instance', instanceOptionNames)
  const { idInstance, settings, plan = {}, ...texts } = options
  assertOption(
    idInstance === undefined || /^\d+$/.test(String(idInstance)),
    'idInstance must be a number, such as 1101000001'
  )
  for (const [name, text] of Object.entries(texts)) {
    assertOption(text === undefined || (typeof text === 'string' && text !== ''), `${name} must be a non-empty string`)
  }
  const { typeInstance } = texts
  assertOption(
    typeInstance === undefined || typeInstances.includes(typeInstance),
    `typeInstance must be one of ${typeInstances.join(', ')}`
  )
  if (settings !== undefined) validateSettings(settings)
  validatePlan(plan)
}

/** Checks settings. Returns them as `getSettings` spells them. */
export function validateSettings (settings: InstanceSettingsInput): Partial<InstanceSettings> {
  assertKnownOptions(settings, 'settings', Object.keys(InstanceSettings.properties))
  const missing = Object.entries(settings).find(([, value]) => value === undefined)?.[0]
  assertOption(
    missing === undefined,
    `settings.${missing} is undefined (is the environment variable set?): set it, or leave it out`
  )
  const normalized = normalizeSettings(settings)
  const [invalid] = Array.from(
    compiledSettings.Errors(normalized),
    ({ path, message }) => `settings.${path.slice(1)} is invalid: ${message.toLowerCase()}`
  )
  assertOption(compiledSettings.Check(normalized), String(invalid))
  const { webhookUrl = '' } = normalized
  assertOption(
    webhookUrl === '' || isHttpUrl(webhookUrl),
    'settings.webhookUrl must be empty or a URL that starts with http:// or https://'
  )
  return normalized
}

function validatePlan (plan: Plan): void {
  assertKnownOptions(plan, 'plan', ['correspondents', 'contactChecks'])
  for (const [name, count] of Object.entries(plan)) {
    assertOption(
      count === undefined || (Number.isSafeInteger(count) && count >= 0),
      `plan.${name} must be a whole number, such as 3`
    )
  }
}

export function isHttpUrl (url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
