import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Emulator, type Faults } from '../../emulator/index.ts'
import { errorMessage } from '../../util/error-message.ts'
import { exitCode } from '../command.ts'
import { paint, print, type Terminal } from '../terminal.ts'
import { customerChatId, formatMessage } from './conversation.ts'
import { Customer } from './customer.ts'
import { createJsonFormatter, createTextFormatter } from './event-formatter.ts'
import { createPipeSession, createTerminalSession } from './input-session.ts'

export interface EmulateOptions extends Faults {
  readonly port: number
  readonly host: string
  readonly idInstance: string
  readonly apiToken: string
  readonly webhookUrl?: URL
  readonly webhookToken?: string
  /** The file to write the proxy's certificate to. */
  readonly certificate?: string
  readonly speed: number
  readonly seed?: string
  /** `conversation` also prints the notifications that fail. */
  readonly show: 'conversation' | 'log' | 'both'
  readonly json?: true
}

/** Runs the emulator until `quit` is typed or the terminal's signal is aborted. */
export async function emulate (options: EmulateOptions, terminal: Terminal): Promise<number> {
  const { json, show } = options
  const showsLog = show !== 'conversation'
  const { stdin, stdout, stderr, signal } = terminal
  const emulator = createEmulator(options)
  const quit = new AbortController()
  const createSession = stdin.isTTY === true && json === undefined ? createTerminalSession : createPipeSession
  const session = createSession(terminal, new Customer(emulator), () => { quit.abort() })
  const format = json === undefined ? createTextFormatter(stdout) : createJsonFormatter()
  if (show !== 'log' && json === undefined) {
    emulator.on('message', (body) => { session.print(formatMessage(body, stdout)) })
  }
  emulator.on('queued', (notification) => { if (showsLog) session.print(format.queued(notification)) })
  emulator.on('attempted', (attempt) => {
    if (showsLog || attempt.status !== 200) session.print(format.attempted(attempt))
  })
  emulator.on('delivered', (notification) => {
    // With a webhookUrl, `attempted` has already reported it.
    if (showsLog && emulator.instance().settings.webhookUrl === '') session.print(format.delivered(notification))
  })
  emulator.on('expired', (notification) => { session.print(format.expired(notification)) })
  const failure = await listen(emulator, options).then(() => undefined, errorMessage)
  if (failure === undefined) {
    session.print(format.listening(emulator, options.certificate))
    session.start()
    await waitForAbort(signal, quit.signal)
  } else {
    print(stderr, paint(stderr, 'red', `error: cannot start the emulator: ${failure}`))
  }
  session.close()
  await emulator.close()
  return failure === undefined ? exitCode.ok : exitCode.failed
}

async function listen (emulator: Emulator, { port, host, certificate }: EmulateOptions): Promise<void> {
  if (certificate !== undefined) writeFileSync(certificate, await emulator.certificate())
  try {
    await emulator.listen({ port, host })
  } catch (error) {
    throw new Error(`${errorMessage(error)}\nUse another --port than ${port} (0 for any free port), or another --host.`)
  }
}

function createEmulator (
  { idInstance, apiToken, webhookUrl, webhookToken = '', speed, seed, ...rates }: EmulateOptions
): Emulator {
  const { duplicates, changedDuplicates, malformed, unknownTypes, reorderedStatuses, lost, late } = rates
  const settings = { webhookUrl: webhookUrl?.href ?? '', webhookUrlToken: webhookToken }
  return new Emulator({
    instances: [{ idInstance, apiTokenInstance: apiToken, chatId: customerChatId, settings }],
    clock: { speed },
    seed,
    faults: { duplicates, changedDuplicates, malformed, unknownTypes, reorderedStatuses, lost, late }
  })
}

async function waitForAbort (...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals])
  if (!any.aborted) await once(any, 'abort')
}
