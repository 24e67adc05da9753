import type { PostFailure, PostResponse, PostResult } from './post.ts'

/** The result of posting a notification, in words. */
export interface Explanation {
  readonly message: string
  /** Empty if the answer was 200. */
  readonly fix: string
}

/** What GREEN-API does with a notification that was not answered 200. */
export const retryWarning =
  'GREEN-API would retry this notification every 60 s for 24 hours and hold back all later ones'

export function explainResult (result: PostResult): Explanation {
  return result.status === undefined ? explainFailure(result) : explainResponse(result)
}

const fixes = {
  token: "set the plugin's token option and the instance's webhookUrlToken to exactly the same value",
  path: "use the full path of the route, with all prefixes (/green-api, unless the plugin's path option changes it)",
  log: 'check the server log for the error',
  certificate: 'use a valid certificate for this host name, and send all its intermediate certificates'
}

function explainResponse ({ status, location }: PostResponse): Explanation {
  const answer = `answered ${status}`
  switch (status) {
    case 200: return { message: answer, fix: '' }
    case 401:
    case 403: return { message: `${answer}: the server rejects the token`, fix: fixes.token }
    case 404: return { message: `${answer}: the server has no route at this path`, fix: fixes.path }
    case 405: return { message: `${answer}: the path does not accept POST`, fix: fixes.path }
    case 502:
    case 504: return {
      message: `${answer}: a proxy cannot reach the server`,
      fix: "start the server, or fix the proxy's upstream address"
    }
    case 503: return {
      message: `${answer}: a listener failed or timed out, or the server is shutting down`,
      fix: fixes.log
    }
  }
  if (status < 300) return { message: `${answer}: only 200 counts as delivered`, fix: 'answer 200, as the plugin does' }
  if (status < 400) {
    const target = location === '' ? '' : ` to ${location}`
    return {
      message: `${answer}: a redirect${target}`,
      fix: 'use the address that the server redirects to (only 200 counts as delivered)'
    }
  }
  if (status < 500) {
    return {
      message: `${answer}: rejected before it reached the plugin`,
      fix: 'check hooks, proxies and firewalls in front of the plugin (the plugin answers 200 to any body)'
    }
  }
  return { message: `${answer}: the server failed`, fix: fixes.log }
}

/** Matched against the error code of Node.js, in this order. */
const failures: ReadonlyArray<readonly [codes: RegExp, message: string, fix: string]> = [
  [/^INTERRUPTED$/, 'interrupted', 'run the command again'],
  [
    /^ECONNREFUSED$/,
    'connection refused: nothing listens at this address',
    'start the server, or fix the host and port'
  ],
  [/^(?:ENOTFOUND|EAI_)/, 'host not found in DNS', 'check the host name and its DNS record'],
  [/^TIMEOUT$/, 'timed out', 'make the listeners faster, or use an inbox'],
  [
    /^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/,
    'host unreachable',
    'start the host, or open the port in its firewall'
  ],
  [/CERT|SIGNED|ALTNAME|LEAF_SIGNATURE|CRL/, 'the certificate is not trusted', fixes.certificate],
  [
    /^(?:EPROTO|ERR_SSL|ERR_TLS)/,
    'TLS failed: the server does not use https on this port',
    'use the https port, or http:// if the server does not use TLS'
  ],
  [
    /^HPE_/,
    'invalid HTTP answer: this is not a web server',
    "use the web server's port, and https:// if the server uses TLS"
  ],
  [
    /^(?:ECONNRESET|EPIPE)$/,
    'connection closed without an answer',
    'check the server log, and use https:// if the server uses TLS'
  ]
]

function explainFailure ({ code, reason }: PostFailure): Explanation {
  for (const [codes, message, fix] of failures) {
    if (codes.test(code)) return { message: message === reason ? message : `${message} (${reason})`, fix }
  }
  return { message: `no answer (${reason})`, fix: 'check the address, or start the server' }
}
