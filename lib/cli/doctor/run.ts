import type { Credentials } from '../../green-api/client.ts'
import { resolveInstance } from '../../polling/options.ts'
import { readText } from '../../schemas/values.ts'
import { exitCode } from '../command.ts'
import type { CredentialOptions } from '../credential-options.ts'
import { diagnoseRefusal, RefusedCall, unlessRefused } from '../refused-call.ts'
import { print, type Terminal } from '../terminal.ts'
import { ask } from './account.ts'
import { checkAddress, show, toUrl } from './address.ts'
import { readEvents } from './events.ts'
import type { Finding } from './finding.ts'
import { isInside } from './network.ts'
import { checkProbe, checkToken, probe } from './probe.ts'
import { printFindings } from './report.ts'
import { checkState } from './state.ts'
import { checkSettings } from './switches.ts'

/** Whom to examine, as the command line says it. */
export interface DoctorOptions extends CredentialOptions {
  readonly events?: string
  readonly poll?: boolean
  readonly probe: boolean
  readonly json?: true
}

/** Examines an instance, and prints what it has found. */
export async function doctor (options: DoctorOptions, { stdout, signal }: Terminal): Promise<number> {
  const { idInstance, token: apiTokenInstance, json } = options
  const wanted = options.events === undefined ? undefined : readEvents(options.events)
  // The plugin checks the credentials of those that it polls.
  const instance = resolveInstance({ apiUrl: options.apiUrl, idInstance, apiTokenInstance })
  const findings = await examine(instance, wanted, options, signal)
  const ok = findings.every(({ level }) => level !== 'problem')
  if (json === undefined) printFindings(findings, stdout)
  else print(stdout, JSON.stringify({ ok, idInstance, apiUrl: options.apiUrl, findings }))
  return ok ? exitCode.ok : exitCode.failed
}

async function examine (credentials: Credentials, wanted: ReadonlySet<string> | undefined, { poll = false, probe: probing }: DoctorOptions, signal: AbortSignal): Promise<Finding[]> {
  const { apiUrl, idInstance } = credentials
  const account = await unlessRefused(ask(credentials, signal))
  if (account instanceof RefusedCall) return [{ level: 'problem', ...diagnoseRefusal(account, credentials) }]
  const { settings, stateInstance } = account
  const [webhookUrl, webhookUrlToken] = [readText(settings.webhookUrl), readText(settings.webhookUrlToken)]
  const url = poll ? undefined : toUrl(webhookUrl)
  return [
    { level: 'ok', subject: 'apiUrl', message: `${apiUrl} knows instance ${idInstance}, and accepts its token` },
    checkState(stateInstance),
    ...checkSettings(settings, wanted),
    ...checkAddress(webhookUrl, { poll, local: isInside(new URL(apiUrl)) }),
    ...url === undefined ? [] : checkToken(webhookUrlToken),
    ...url === undefined || !probing ? [] : checkProbe(await probe({ url, webhookUrlToken, idInstance, signal }), show(url))
  ]
}
