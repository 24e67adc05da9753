import { RequestError, type Credentials } from '../../green-api/index.ts'
import { resolveInstance } from '../../polling/index.ts'
import { readText } from '../../schemas/values.ts'
import { exitCode } from '../command.ts'
import type { CredentialOptions } from '../credential-options.ts'
import { catchRequestError, diagnoseRequestError } from '../diagnose-request-error.ts'
import { print, type Terminal } from '../terminal.ts'
import { checkAddress, formatUrl, parseWebhookUrl } from './address.ts'
import { parseEventNames } from './events.ts'
import type { Finding } from './finding.ts'
import { fetchInstanceInfo } from './instance-info.ts'
import { checkLosses, type LossOptions } from './losses.ts'
import { isPrivateHost } from './network.ts'
import { checkProbe, checkToken, probe } from './probe.ts'
import { printFindings } from './report.ts'
import { checkState } from './state.ts'
import { checkSettings } from './webhook-settings.ts'

export interface DoctorOptions extends CredentialOptions, LossOptions {
  readonly events?: string
  readonly poll?: boolean
  readonly probe: boolean
  readonly losses?: true
  readonly json?: true
}

/** Checks an instance and prints the findings. */
export async function doctor (options: DoctorOptions, { stdout, signal }: Terminal): Promise<number> {
  const { idInstance, apiToken: apiTokenInstance, apiUrl, json } = options
  const usedEvents = options.events === undefined ? undefined : parseEventNames(options.events)
  const credentials = resolveInstance({ apiUrl, idInstance, apiTokenInstance })
  const findings = await runChecks(credentials, usedEvents, options, signal)
  const ok = findings.every(({ level }) => level !== 'problem')
  if (json === undefined) printFindings(findings, stdout)
  else print(stdout, JSON.stringify({ ok, idInstance, apiUrl, findings }))
  return ok ? exitCode.ok : exitCode.failed
}

async function runChecks (
  credentials: Credentials,
  usedEvents: ReadonlySet<string> | undefined,
  options: DoctorOptions,
  signal: AbortSignal
): Promise<Finding[]> {
  const { apiUrl, idInstance } = credentials
  const { poll = false, probe: probing, losses } = options
  const info = await catchRequestError(fetchInstanceInfo(credentials, signal))
  if (info instanceof RequestError) return [{ level: 'problem', ...diagnoseRequestError(info, credentials) }]
  const { settings, stateInstance } = info
  const webhookUrl = readText(settings.webhookUrl)
  const webhookUrlToken = readText(settings.webhookUrlToken)
  const url = poll ? undefined : parseWebhookUrl(webhookUrl)
  const findings: Finding[] = [
    { level: 'ok', subject: 'apiUrl', message: `${apiUrl} accepts the token of instance ${idInstance}` },
    checkState(stateInstance),
    ...checkSettings(settings, usedEvents)
  ]
  // A probe would not reach a server that is stopped for its inbox, and would change metrics.
  if (losses === true) return [...findings, ...await checkLosses(credentials, info, options, signal)]
  const address = checkAddress(webhookUrl, { poll, local: isPrivateHost(new URL(apiUrl)) })
  if (url === undefined) return [...findings, ...address]
  const token = checkToken(webhookUrlToken)
  if (!probing) return [...findings, ...address, ...token]
  const answers = await probe({ url, webhookUrlToken, idInstance, signal })
  // The answer says more about the address than its form does.
  const objections = address.filter(({ level }) => level !== 'ok')
  return omitOverruled([...findings, ...objections, ...token, ...checkProbe(answers, formatUrl(url))])
}

/** Leaves out what a problem of the same subject contradicts, and a warning about a token that is also a problem. */
function omitOverruled (findings: readonly Finding[]): Finding[] {
  const problems = new Set(findings.filter(({ level }) => level === 'problem').map(({ subject }) => subject))
  return findings.filter(({ level, subject }) => {
    if (level === 'problem' || !problems.has(subject)) return true
    return level !== 'ok' && subject !== 'webhookUrlToken'
  })
}
