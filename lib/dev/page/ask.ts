/**
 * Sends a request to the server of the page. Resolves with its answer.
 *
 * @throws {Error} with the server's or GREEN-API's message
 */
export async function ask (path: string, body: object = {}): Promise<Readonly<Record<string, unknown>>> {
  let response: Response
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body)
    })
  } catch {
    throw new Error('The emulator cannot be reached. Is it still running?')
  }
  const answer = Object(await response.json().catch(() => ({})))
  if (response.ok) return answer
  throw new Error(typeof answer.message === 'string' ? answer.message : `The emulator answered ${response.status}.`)
}

/** The message of an error that `ask` throws. */
export function messageOf (error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
