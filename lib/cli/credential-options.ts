import { Option, type Command } from 'commander'

/** The options that select an instance and its API. */
export interface CredentialOptions {
  readonly idInstance: string
  readonly token: string
  readonly apiUrl: string
}

/** Adds the options of {@link CredentialOptions} to a command. */
export function addCredentialOptions (command: Command): Command {
  return command
    .addOption(new Option('--id-instance <number>', 'id of the instance (required)')
      .env('GREEN_API_ID_INSTANCE').makeOptionMandatory())
    .addOption(new Option('--token <apiTokenInstance>', 'API token of the instance (required)')
      .env('GREEN_API_TOKEN_INSTANCE').makeOptionMandatory())
    .option('--api-url <url>', 'API URL of the instance', 'https://api.green-api.com')
}
