import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Emulator, type Faults } from '../../emulator/index.ts'
import { errorMessage } from '../../util/error-message.ts'
import { exitCode } from '../command.ts'
import { paint, print, type Terminal } from '../terminal.ts'
import { Customer } from './customer.ts'
import { makeJsonReport, makeTextReport } from './reports.ts'
import { serveLines, serveTyping } from './typing.ts'

/** What is emulated, as the command line says it. */
export interface EmulateOptions extends Faults {
  readonly port: number
  readonly host: string
  readonly idInstance: string
  readonly token: string
  readonly webhookUrl?: URL
  readonly webhookUrlToken: string
  /** The file to write a proxy's certificate to. */
  readonly certificate?: string
  readonly speed: number
  readonly seed?: string
  readonly json?: true
}

/** Runs the emulator until it is told to end. */
export async function emulate (options: EmulateOptions, terminal: Terminal): Promise<number> {
  const { json } = options
  const { stdin, stdout, stderr, signal } = terminal
  const emulator = makeEmulator(options)
  const quit = new AbortController()
  const serve = stdin.isTTY === true && json === undefined ? serveTyping : serveLines
  const { begin, show, end } = serve(terminal, new Customer(emulator), () => { quit.abort() })
  const report = json === undefined ? makeTextReport(stdout) : makeJsonReport()
  emulator.on('queued', (notification) => { show(report.queued(notification)) })
  emulator.on('attempted', (attempt) => { show(report.attempted(attempt)) })
  emulator.on('delivered', (notification) => { if (emulator.instance().settings.webhookUrl === '') show(report.delivered(notification)) })
  emulator.on('expired', (notification) => { show(report.expired(notification)) })
  const failure = await open(emulator, options).then(() => undefined, errorMessage)
  if (failure === undefined) {
    show(report.listening(emulator, options.certificate))
    begin()
    await ended(signal, quit.signal)
  } else {
    print(stderr, paint(stderr, 'red', `error: the emulator cannot begin: ${failure}`))
  }
  end()
  await emulator.close()
  return failure === undefined ? exitCode.ok : exitCode.failed
}

async function open (emulator: Emulator, { port, host, certificate }: EmulateOptions): Promise<void> {
  if (certificate !== undefined) writeFileSync(certificate, await emulator.certificate())
  try {
    await emulator.listen({ port, host })
  } catch (error) {
    throw new Error(`${errorMessage(error)}\nChoose another --port than ${port}, 0 for any that is free, or another --host.`)
  }
}

function makeEmulator ({ idInstance, token, webhookUrl, webhookUrlToken, speed, seed, ...rates }: EmulateOptions): Emulator {
  const { duplicates, changedDuplicates, malformed, unknownTypes, reorderedStatuses } = rates
  const settings = { webhookUrl: webhookUrl?.href ?? '', webhookUrlToken }
  return new Emulator({
    instances: [{ idInstance, apiTokenInstance: token, settings }],
    clock: { speed },
    seed,
    faults: { duplicates, changedDuplicates, malformed, unknownTypes, reorderedStatuses }
  })
}

async function ended (...signals: readonly AbortSignal[]): Promise<void> {
  const either = AbortSignal.any([...signals])
  if (!either.aborted) await once(either, 'abort')
}
