export { Client, beginningOf, redact, type Credentials } from './client.ts'
export {
  InstanceSettings, requiredSettings, webhookSettingNames, type WebhookSettingName
} from './instance-settings.ts'
export { RequestError } from './request-error.ts'
export { postHeaders, postWebhook, webhookTimeoutMs } from './webhook-request.ts'
