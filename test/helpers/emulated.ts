import { Emulator, type EmulatorOptions } from 'fastify-green-api/emulator'
import type { Test } from 'tap'

/** Starts an emulator with a clock that runs 300 times as fast. It closes when the test ends. */
export async function emulate (t: Test, options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = new Emulator({ clock: { speed: 300 }, seed: t.name, ...options })
  await emulator.listen()
  t.teardown(() => emulator.close())
  return emulator
}

/** Calls a method of the emulated API with the first instance's credentials. */
export async function call (
  emulator: Emulator,
  method: string,
  { verb = 'GET', body, suffix = '', token }: Call = {}
): Promise<Answer> {
  const { idInstance, apiTokenInstance } = emulator.instance()
  const url = `${emulator.apiUrl}/waInstance${idInstance}/${method}/${token ?? apiTokenInstance}${suffix}`
  const response = await fetch(url, {
    method: verb,
    ...body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, body: isJson === true ? JSON.parse(text) : text, headers: response.headers }
}

interface Answer {
  readonly status: number
  // Parsed JSON of unknown shape. The members of a list are its items. A body that is not JSON is a string.
  readonly body: Record<string, unknown>
  readonly headers: Headers
}

interface Call {
  readonly verb?: string
  readonly body?: unknown
  /** The part of the URL after the token. */
  readonly suffix?: string
  readonly token?: string
}

/** Sends a message, and resolves with its id. */
export async function send (emulator: Emulator, method: string, body: object): Promise<string> {
  const answer = await call(emulator, method, { verb: 'POST', body })
  return String(answer.body.idMessage)
}
