/**
 * Asks the server to do something.
 *
 * @param {string} path
 * @param {object} body
 * @returns {Promise<Readonly<Record<string, unknown>>>} what it answered
 * @throws {Error} with what the server, or GREEN-API behind it, says is wrong
 */
export async function ask (path, body) {
  let response
  try {
    response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  } catch {
    throw new Error('The board cannot be reached: is it still running?')
  }
  const answer = Object(await response.json().catch(() => ({})))
  if (response.ok) return answer
  throw new Error(typeof answer.message === 'string' ? answer.message : `The board answered ${response.status}.`)
}
