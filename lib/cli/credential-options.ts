import { Option, type Command } from 'commander'

/** An instance and its API, as the command line names them. */
export interface CredentialOptions {
  readonly idInstance: string
  readonly token: string
  readonly apiUrl: string
}

/** Adds the options by which a command is told whose API to call. */
export function withCredentials (command: Command): Command {
  return command
    .addOption(new Option('--id-instance <number>', 'the instance').env('GREEN_API_ID_INSTANCE').makeOptionMandatory())
    .addOption(new Option('--token <apiTokenInstance>', 'what its API is called with').env('GREEN_API_TOKEN_INSTANCE').makeOptionMandatory())
    .option('--api-url <url>', "the instance's apiUrl", 'https://api.green-api.com')
}
