import type { Answered, PostResult, Unanswered } from './post.ts'

/** What came of posting a notification, in words. */
export interface Explanation {
  /** What happened, to follow the subject. */
  readonly what: string
  /** What to do about it; empty where all is well. */
  readonly fix: string
}

/** What GREEN-API does with a notification that was not answered 200. */
export const consequence = 'GREEN-API would send it again every 60 s for 24 hours, and hold back all that follows'

/** Explains what came of posting a notification. */
export function explain (outcome: PostResult): Explanation {
  return outcome.status === undefined ? explainSilence(outcome) : explainAnswer(outcome)
}

const fixes = {
  token: "give the plugin's option token and the instance's webhookUrlToken the same value, to the letter",
  path: 'use the path that the plugin is registered under, with every prefix: /green-api unless the option path says otherwise',
  log: "look into the server's log for what failed",
  certificate: 'give the server a certificate that is issued for this host name, valid, and sent with all its intermediates'
}

function explainAnswer ({ status, location }: Answered): Explanation {
  const what = `answered ${status}`
  switch (status) {
    case 200: return { what, fix: '' }
    case 401:
    case 403: return { what: `${what}: the server does not accept the token`, fix: fixes.token }
    case 404: return { what: `${what}: the server has no such path`, fix: fixes.path }
    case 405: return { what: `${what}: the path takes no POST`, fix: fixes.path }
    case 502:
    case 504: return { what: `${what}: a proxy does not reach the server`, fix: 'start the server behind the proxy, or point the proxy to it' }
    case 503: return { what: `${what}: a listener failed or ran out of time, or the server is closing`, fix: fixes.log }
  }
  if (status < 300) return { what: `${what}, and only 200 counts`, fix: 'let the server answer 200, as the plugin does' }
  if (status < 400) return { what: `${what}, a redirect${location === '' ? '' : ` to ${location}`}`, fix: 'use the address that it leads to, since a redirect is no 200' }
  if (status < 500) return { what, fix: 'look for what stands before the plugin, which itself answers any body 200: a hook, a proxy, a firewall' }
  return { what: `${what}: the server failed`, fix: fixes.log }
}

// By the code of the error, as Node has it.
const silences: ReadonlyArray<readonly [codes: RegExp, what: string, fix: string]> = [
  [/^INTERRUPTED$/, 'interrupted', 'run it again'],
  [/^ECONNREFUSED$/, 'refused: nothing listens there', 'start the server, or mend host and port'],
  [/^(?:ENOTFOUND|EAI_)/, 'not found: DNS does not know the host', 'mend the name of the host, or its DNS record'],
  [/^TIMEOUT$/, 'not answered in time', 'keep the listeners quick, or use an inbox'],
  [/^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/, 'not reached: the host does not respond', 'start it, or let the firewall pass the port'],
  [/CERT|SIGNED|ALTNAME|LEAF_SIGNATURE|CRL/, 'not trusted: the certificate does not hold', fixes.certificate],
  [/^(?:EPROTO|ERR_SSL|ERR_TLS)/, 'no TLS: the server does not speak https there', 'use the port that speaks https, or http for one that does not'],
  [/^HPE_/, 'no HTTP: what answers there is no web server', 'use the port of the server, and https where it speaks that'],
  [/^(?:ECONNRESET|EPIPE)$/, 'broken off: the connection ended without an answer', "look into the server's log, and use https where it speaks that"]
]

function explainSilence ({ code, reason }: Unanswered): Explanation {
  for (const [codes, what, fix] of silences) {
    if (codes.test(code)) return { what: what === reason ? what : `${what} (${reason})`, fix }
  }
  return { what: `not answered (${reason})`, fix: 'mend the address, or start the server' }
}
