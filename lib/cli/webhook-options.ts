import { Option, type Command } from 'commander'
import { parseToken, parseUrl } from './parse-options.ts'

/** The options that select the server that notifications are posted to. */
export interface WebhookTargetOptions {
  readonly to: URL
  readonly webhookToken?: string
}

const defaultUrl = 'http://127.0.0.1:3000/green-api'

export function webhookTokenOption (): Option {
  return new Option(
    '--webhook-token <webhookUrlToken>',
    'token in the Authorization header, sent as a Bearer token unless it has a scheme, such as "Basic ..."'
  ).env('GREEN_API_WEBHOOK_TOKEN').argParser(parseToken)
}

/** Adds the options of {@link WebhookTargetOptions} to a command. */
export function addWebhookTargetOptions (command: Command): Command {
  return command
    .addOption(new Option('--to <url>', 'URL to send to').argParser(parseUrl).default(new URL(defaultUrl), defaultUrl))
    .addOption(webhookTokenOption())
}
