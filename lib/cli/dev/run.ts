import { once } from 'node:events'
import { startDev, type DevOptions, type TargetStatus } from '../../dev/index.ts'
import { errorMessage } from '../../util/error-message.ts'
import { resolveInstance } from '../../polling/index.ts'
import { exitCode, UsageError } from '../command.ts'
import { paint, print, type Terminal } from '../terminal.ts'

export interface DevCommandOptions extends Pick<DevOptions, 'to' | 'token' | 'port'> {
  readonly webhookToken?: string
  /** Selects a real account. */
  readonly idInstance?: string
  readonly apiToken?: string
  readonly apiUrl: string
}

/** Runs the emulator and its page until the terminal's signal is aborted. */
export async function dev (options: DevCommandOptions, { stdout, stderr, signal }: Terminal): Promise<number> {
  const { to, webhookToken, token = webhookToken, port } = options
  const account = resolveAccount(options)
  let isReady = false
  let last: TargetStatus | undefined
  const report = () => {
    if (!isReady || to === undefined) return
    if (last === 'up') print(stdout, paint(stdout, 'green', `Your server is up: ${to}`))
    if (last === 'down') print(stdout, paint(stdout, 'yellow', `Your server is not up: ${to}. Retrying every second.`))
  }
  try {
    const server = await startDev({
      to,
      token,
      port,
      account,
      onTarget (status) {
        last = status
        report()
      }
    })
    print(stdout, `Ready: ${paint(stdout, 'bold', server.url)}`)
    isReady = true
    report()
    if (!signal.aborted) await once(signal, 'abort')
    await server.close()
    return exitCode.ok
  } catch (error) {
    const hint = options.port === 0 ? '' : '\nUse another --port, or 0 for any free port.'
    print(stderr, paint(stderr, 'red', `error: cannot start: ${errorMessage(error)}${hint}`))
    return exitCode.failed
  }
}

// Only an option selects a real account: the environment of a bot often names one.
function resolveAccount ({ idInstance, apiToken, apiUrl }: DevCommandOptions): DevOptions['account'] {
  if (idInstance === undefined) return undefined
  if (apiToken !== undefined) return resolveInstance({ apiUrl, idInstance, apiTokenInstance: apiToken })
  throw new UsageError('--api-token is missing. Add it, or set GREEN_API_TOKEN_INSTANCE.')
}
