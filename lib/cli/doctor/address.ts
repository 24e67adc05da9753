import type { Finding } from './finding.ts'
import { isPrivateHost } from './network.ts'

export interface AddressOptions {
  /** The plugin polls for notifications. */
  readonly poll: boolean
  /** The API is on a private address (an emulator), so it can reach other private addresses. */
  readonly local: boolean
}

const subject = 'webhookUrl'

/** Checks whether notifications can be sent to the instance's `webhookUrl`. */
export function checkAddress (webhookUrl: string, { poll, local }: AddressOptions): Finding[] {
  if (poll) return [checkPolling(webhookUrl)]
  if (webhookUrl === '') {
    return [{
      level: 'problem',
      subject,
      message: 'not set, so GREEN-API keeps notifications for 24 hours instead of sending them',
      fix: "set it to the URL of the plugin's route, or use polling and run the doctor with --poll"
    }]
  }
  const url = parseWebhookUrl(webhookUrl)
  if (url === undefined) {
    return [{
      level: 'problem',
      subject,
      message: 'not a valid http or https URL',
      fix: "set it to the URL of the plugin's route, such as https://your.host/green-api"
    }]
  }
  const findings = [...checkScheme(url, local), ...checkHost(url, local)]
  if (findings.length > 0) return findings
  return [{ level: 'ok', subject, message: `GREEN-API sends notifications to ${formatUrl(url)}` }]
}

/** Returns `undefined` if it is not an http or https URL. */
export function parseWebhookUrl (webhookUrl: string): URL | undefined {
  const url = URL.canParse(webhookUrl) ? new URL(webhookUrl) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined
}

/** Formats a URL without its credentials and query, which may be secret. */
export function formatUrl ({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`
}

function checkPolling (webhookUrl: string): Finding {
  if (webhookUrl === '') return { level: 'ok', subject, message: 'not set, as polling requires' }
  return {
    level: 'problem',
    subject,
    message: 'set, so GREEN-API rejects polling ("custom webhook url is set")',
    fix: "clear webhookUrl in GREEN-API's console, or register the plugin with a route instead of poll"
  }
}

function checkScheme (url: URL, local: boolean): Finding[] {
  if (url.protocol === 'https:' || local) return []
  return [{
    level: 'warning',
    subject,
    message: `${formatUrl(url)} is not https, so messages and the token travel unencrypted`,
    fix: 'serve the route over https, and change webhookUrl to the https URL'
  }]
}

function checkHost (url: URL, local: boolean): Finding[] {
  if (!isPrivateHost(url)) return []
  if (local) {
    return [{
      level: 'note',
      subject,
      message: `${url.host} is not reachable from the internet (fine here, because the API is local too)`
    }]
  }
  return [{
    level: 'problem',
    subject,
    message: `GREEN-API cannot reach ${url.host}: it is a local or private address`,
    fix: 'set it to a public address, or to the address of a tunnel to this machine'
  }]
}
