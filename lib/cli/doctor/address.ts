import type { Finding } from './finding.ts'
import { isInside } from './network.ts'

/** How notifications are to be received. */
export interface Way {
  /** They are asked for. */
  readonly poll: boolean
  /** The API is on a machine of one's own, as an emulator is, and reaches what is there. */
  readonly local: boolean
}

const subject = 'webhookUrl'

/** Judges where an instance's notifications are posted. */
export function checkAddress (webhookUrl: string, { poll, local }: Way): Finding[] {
  if (poll) return [judgePolling(webhookUrl)]
  if (webhookUrl === '') {
    return [{ level: 'warning', subject, message: 'none is set: nothing is posted, and notifications wait for 24 hours to be asked for', fix: 'set it to the URL of the plugin; or poll, with the option poll, and say --poll' }]
  }
  const url = toUrl(webhookUrl)
  if (url === undefined) return [{ level: 'problem', subject, message: 'it is no URL that can be posted to', fix: 'set it to the URL of the plugin, such as https://your.host/green-api' }]
  const findings = [...judgeScheme(url, local), ...judgeHost(url, local)]
  return findings.length > 0 ? findings : [{ level: 'ok', subject, message: `${show(url)} is where notifications are posted` }]
}

/** Where notifications are posted, if it is a URL. */
export function toUrl (webhookUrl: string): URL | undefined {
  const url = URL.canParse(webhookUrl) ? new URL(webhookUrl) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined
}

/** A URL without what may be secret in it. */
export function show ({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`
}

function judgePolling (webhookUrl: string): Finding {
  if (webhookUrl === '') return { level: 'ok', subject, message: 'none is set, so that notifications can be asked for' }
  return { level: 'problem', subject, message: 'it is set, so that polling is refused: custom webhook url is set', fix: "empty webhookUrl in GREEN-API's console; or register the plugin with a route, rather than with poll" }
}

function judgeScheme (url: URL, local: boolean): Finding[] {
  if (url.protocol === 'https:' || local) return []
  return [{ level: 'warning', subject, message: `${show(url)} is http: messages and the token travel unencrypted`, fix: 'put the server behind https, and set webhookUrl to that' }]
}

function judgeHost (url: URL, local: boolean): Finding[] {
  if (!isInside(url)) return []
  if (local) return [{ level: 'note', subject, message: `${url.host} is not on the internet, and neither is the API: it will do for trying things out` }]
  return [{ level: 'problem', subject, message: `GREEN-API cannot reach ${url.host}: it is an address of this machine, or of a private network`, fix: 'set it to a public address, or to that of a tunnel to this machine' }]
}
