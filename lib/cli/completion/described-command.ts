import type { Command } from 'commander'

export interface DescribedOption {
  /** Such as `--help` and `-h`. */
  readonly flags: readonly string[]
  readonly description: string
  readonly takesValue: boolean
  /** The values that it accepts. Empty: any. */
  readonly choices: readonly string[]
}

/** What a completion script needs to know of a command. */
export interface DescribedCommand {
  readonly name: string
  readonly summary: string
  /** The values that its argument accepts. Empty: any, or no argument. */
  readonly choices: readonly string[]
  readonly options: readonly DescribedOption[]
}

export function describeCommand (command: Command): DescribedCommand {
  const help = command.createHelp()
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
  return {
    name: command.name(),
    summary: command.summary() || command.description(),
    choices: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    options: options.map(({ long, short, description, required, argChoices = [] }) => ({
      flags: [long, short].filter((flag) => flag !== undefined && flag !== null),
      description,
      takesValue: required,
      choices: argChoices
    }))
  }
}
