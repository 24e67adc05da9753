import type { DescribedCommand, DescribedOption } from './described-command.ts'

/** Formats a script for fish. */
export function formatFish (root: DescribedCommand, commands: readonly DescribedCommand[]): string {
  const complete = `complete -c ${root.name}`
  return [
    ...commands.map(({ name, summary }) => `${complete} -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`),
    ...root.options.map((option) => `${complete} -n __fish_use_subcommand ${formatOption(option)}`),
    ...commands.flatMap(({ name, choices, options }) => {
      const within = `${complete} -n '__fish_seen_subcommand_from ${name}'`
      return [
        ...choices.length === 0 ? [] : [`${within} -f -a ${quote(choices.join(' '))}`],
        ...options.map((option) => `${within} ${formatOption(option)}`)
      ]
    })
  ].join('\n')
}

function formatOption ({ flags, description, takesValue, choices }: DescribedOption): string {
  const names = flags.map((flag) => flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)
  const values = choices.length === 0 ? '-r' : `-x -a ${quote(choices.join(' '))}`
  return [...names, ...takesValue ? [values] : [], `-d ${quote(description)}`].join(' ')
}

function quote (text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
