import { RequestError } from '../green-api/request-error.ts'
import type { Credentials } from '../green-api/client.ts'

/** That GREEN-API does not do what it was asked for, and why. */
export class RefusedCall {
  /** Of the answer; `undefined` where there was none. */
  readonly status: number | undefined
  readonly reason: string

  constructor ({ status, message }: Pick<RequestError, 'status' | 'message'>) {
    this.status = status
    this.reason = message
  }
}

/** Resolves with what calls resolve with, or with why one of them was refused. */
export async function unlessRefused<Result> (calls: Promise<Result>): Promise<Result | RefusedCall> {
  try {
    return await calls
  } catch (error) {
    if (error instanceof RequestError) return new RefusedCall(error)
    throw error
  }
}

/** What to say of a refused call, and what to do. */
export interface Diagnosis {
  /** What is wrong, in GREEN-API's words where it has some. */
  readonly subject: string
  readonly message: string
  readonly fix: string
}

/** Judges why a call was refused. */
export function diagnoseRefusal ({ status, reason }: RefusedCall, { apiUrl, idInstance }: Pick<Credentials, 'apiUrl' | 'idInstance'>): Diagnosis {
  const url = "use the apiUrl that GREEN-API's console shows for this instance"
  if (status === undefined) return { subject: 'apiUrl', message: `${apiUrl} cannot be reached: ${reason}`, fix: `${url}, and let this machine reach it` }
  if (status === 401) return { subject: 'apiTokenInstance', message: `GREEN-API refuses it: it is not the token of instance ${idInstance} (401)`, fix: "copy the instance's apiTokenInstance from GREEN-API's console; the webhookUrlToken is another one" }
  if (status === 403) return { subject: 'idInstance', message: `GREEN-API has no instance ${idInstance} at ${apiUrl} (403)`, fix: "copy idInstance and apiUrl from GREEN-API's console" }
  if (status === 429) return { subject: 'apiUrl', message: 'GREEN-API was asked too often (429)', fix: 'wait for a minute, and run it again' }
  if (status >= 500) return { subject: 'apiUrl', message: `GREEN-API fails: ${reason}`, fix: 'run it again in some minutes' }
  return { subject: 'apiUrl', message: `what answers at ${apiUrl} is not GREEN-API: ${reason}`, fix: url }
}
