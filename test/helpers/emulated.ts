import { Emulator, type EmulatorOptions } from 'fastify-green-api/emulator'
import type { Test } from 'tap'

/** Starts an emulator whose minute takes a fifth of a second, gone when the test ends. */
export async function emulate (t: Test, options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = new Emulator({ clock: { speed: 300 }, seed: t.name, ...options })
  await emulator.listen()
  t.teardown(() => emulator.close())
  return emulator
}

/** Calls a method of the emulated API with the first instance's credentials; the answer's status and parsed body. */
export async function call (emulator: Emulator, method: string, { verb = 'GET', body, suffix = '', token }: Call = {}): Promise<Answer> {
  const { idInstance, apiTokenInstance } = emulator.instance()
  const response = await fetch(`${emulator.apiUrl}/waInstance${idInstance}/${method}/${token ?? apiTokenInstance}${suffix}`, {
    method: verb,
    ...body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, body: isJson === true ? JSON.parse(text) : text, headers: response.headers }
}

/** What the API answered; a list has its items for members. A body that is not JSON is a string. */
interface Answer {
  readonly status: number
  // Of the API's answers nothing is known but that they are JSON.
  readonly body: Record<string, unknown>
  readonly headers: Headers
}

interface Call {
  readonly verb?: string
  readonly body?: unknown
  /** What follows the token. */
  readonly suffix?: string
  readonly token?: string
}

/** Sends a message and resolves with its id. */
export async function send (emulator: Emulator, method: string, body: object): Promise<string> {
  const answer = await call(emulator, method, { verb: 'POST', body })
  return String(answer.body.idMessage)
}
