export { Client, beginningOf, redact, type Credentials } from './client.ts'
export {
  InstanceSettings, normalizeSettings, requiredSettings, webhookSettingNames,
  type InstanceSettingsInput, type WebhookSettingName
} from './instance-settings.ts'
export { RequestError } from './request-error.ts'
export { postHeaders, postWebhook, webhookTimeoutMs } from './webhook-request.ts'
