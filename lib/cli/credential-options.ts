import { Option, type Command } from 'commander'

/** The options that select an instance and its API. */
export interface CredentialOptions {
  readonly idInstance: string
  readonly apiToken: string
  readonly apiUrl: string
}

export function idInstanceOption (description: string): Option {
  return new Option('--id-instance <number>', description).env('GREEN_API_ID_INSTANCE')
}

export function apiTokenOption (description: string): Option {
  return new Option('--api-token <apiTokenInstance>', description).env('GREEN_API_TOKEN_INSTANCE')
}

/** Adds the options of {@link CredentialOptions} to a command. */
export function addCredentialOptions (command: Command): Command {
  return command
    .addOption(idInstanceOption('id of the instance (required)').makeOptionMandatory())
    .addOption(apiTokenOption('API token of the instance (required)').makeOptionMandatory())
    .addOption(new Option('--api-url <url>', 'API URL of the instance')
      .env('GREEN_API_URL').default('https://api.green-api.com'))
}
