import { RequestError, type Credentials } from '../green-api/index.ts'

/** Resolves with the `RequestError` of a failed request instead of rejecting. Rejects with any other error. */
export async function catchRequestError<Result> (request: Promise<Result>): Promise<Result | RequestError> {
  try {
    return await request
  } catch (error) {
    if (error instanceof RequestError) return error
    throw error
  }
}

export interface Diagnosis {
  /** The setting that is wrong, by GREEN-API's name for it. */
  readonly subject: string
  readonly message: string
  readonly fix: string
}

/** Explains why GREEN-API did not answer a request with 200. */
export function diagnoseRequestError (
  { status, message }: Pick<RequestError, 'status' | 'message'>,
  { apiUrl, idInstance }: Pick<Credentials, 'apiUrl' | 'idInstance'>
): Diagnosis {
  const apiUrlFix = "copy the instance's apiUrl from GREEN-API's console"
  if (status === undefined) {
    return {
      subject: 'apiUrl',
      message: `cannot reach ${apiUrl}: ${message}`,
      fix: `${apiUrlFix}, and check that this machine can reach it`
    }
  }
  if (status === 401) {
    return {
      subject: 'apiTokenInstance',
      message: `GREEN-API rejects the token: it is not the apiTokenInstance of instance ${idInstance} (401)`,
      fix: "copy the instance's apiTokenInstance from GREEN-API's console (webhookUrlToken is a different token)"
    }
  }
  if (status === 403) {
    return {
      subject: 'idInstance',
      message: `GREEN-API has no instance ${idInstance} at ${apiUrl} (403)`,
      fix: "copy idInstance and apiUrl from GREEN-API's console"
    }
  }
  if (status === 429) {
    return {
      subject: 'apiUrl',
      message: 'too many requests to GREEN-API (429)',
      fix: 'wait a minute, then run the command again'
    }
  }
  if (status === 466 || status === 469) {
    return {
      subject: 'idInstance',
      message: `instance ${idInstance} has reached a limit of its plan: ${message}`,
      fix: "choose a larger plan in GREEN-API's console, or wait until the limit is reset"
    }
  }
  if (status >= 500) {
    return {
      subject: 'apiUrl',
      message: `GREEN-API failed: ${message}`,
      fix: 'run the command again in a few minutes'
    }
  }
  // GREEN-API's own servers answer 404 for instances of another host.
  const host = `https://${idInstance.slice(0, 4)}.api.greenapi.com`
  return {
    subject: 'apiUrl',
    message: `the server at ${apiUrl} is not GREEN-API: ${message}`,
    fix: idInstance.length < 10 ? apiUrlFix : `${apiUrlFix} (usually ${host} for this idInstance)`
  }
}
