import { readPort } from '../port.ts'

/** A real account of GREEN-API. */
export interface Account {
  /** Without a trailing slash. */
  readonly apiUrl: string
  readonly idInstance: string
  readonly apiTokenInstance: string
}

/** The settings from environment variables. */
export interface Settings {
  readonly host: string
  readonly port: number
  /** `undefined`: the board emulates GREEN-API. */
  readonly account: Account | undefined
  /** The instance's `webhookUrlToken`. `undefined`: polling. */
  readonly webhookToken: string | undefined
}

/**
 * Reads environment variables. An empty variable counts as not set.
 *
 * @throws if only one of the account's two variables is set, or PORT is not a port
 */
export function readSettings (env: Readonly<Record<string, string | undefined>>): Settings {
  const read = (name: string) => env[name] === '' ? undefined : env[name]
  return {
    host: read('HOST') ?? 'localhost',
    port: readPort(env.PORT),
    account: readAccount(read),
    webhookToken: read('GREEN_API_WEBHOOK_TOKEN')
  }
}

function readAccount (read: (name: string) => string | undefined): Account | undefined {
  const idInstance = read('GREEN_API_ID_INSTANCE')
  const apiTokenInstance = read('GREEN_API_TOKEN_INSTANCE')
  const apiUrl = read('GREEN_API_URL') ?? 'https://api.green-api.com'
  if (idInstance !== undefined && apiTokenInstance !== undefined) {
    return { apiUrl: apiUrl.replace(/\/+$/, ''), idInstance, apiTokenInstance }
  }
  if (idInstance === undefined && apiTokenInstance === undefined) return undefined
  const [set, missing] = idInstance === undefined ? ['TOKEN', 'ID'] : ['ID', 'TOKEN']
  throw new Error([
    `GREEN_API_${set}_INSTANCE is set and GREEN_API_${missing}_INSTANCE is not: set both,`,
    "as GREEN-API's console shows them, or neither to try the board without an account"
  ].join(' '))
}
