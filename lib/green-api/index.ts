export {
  Client, beginningOf, failureCause, failureReason, redact, type AnswerWithHeaders, type Credentials
} from './client.ts'
export { resolveCredentials, resolveUrl } from './credentials.ts'
export {
  InstanceSettings, normalizeSettings, requiredSettings, webhookSettingNames,
  type InstanceSettingsInput, type WebhookSettingName
} from './instance-settings.ts'
export { RequestError } from './request-error.ts'
export { postHeaders, postWebhook, webhookTimeoutMs } from './webhook-request.ts'
export { callsPerSecond } from './rate-limits.ts'
export {
  ChatId, Text, findIssue, isSendMethod, maxButtonIdBytes, memberName, sendRequests,
  type RequestButton, type SendMethod, type SendRequest
} from './send-requests.ts'
