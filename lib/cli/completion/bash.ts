import type { DescribedCommand, DescribedOption } from './described-command.ts'

/** Formats a script for bash. Where it suggests nothing, bash completes file names. */
export function formatBash (root: DescribedCommand, commands: readonly DescribedCommand[]): string {
  const names = commands.map(({ name }) => name)
  const program = root.name
  const complete = `_${program.replaceAll('-', '_')}`
  return `${complete} () {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= word words=
  for word in "\${COMP_WORDS[@]:1:$COMP_CWORD-1}"; do
    case $word in
      ${names.join('|')}) command=$word; break ;;
    esac
  done
  case $command:$prev:$cur in
${[...commands.flatMap(formatCases), ...formatCases({ ...root, name: '', choices: names })].join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F ${complete} ${program}`
}

/** Formats a script for zsh, which runs completion functions of bash. */
export function formatZsh (root: DescribedCommand, commands: readonly DescribedCommand[]): string {
  return `autoload -Uz bashcompinit && bashcompinit\n${formatBash(root, commands)}`
}

/** Formats the cases of a command: after an option with a value, at an option, and at an argument. */
function formatCases ({ name, choices, options }: DescribedCommand): string[] {
  const withChoices = options.filter((option) => option.choices.length > 0)
  const withAnyValue = options.filter((option) => option.takesValue && option.choices.length === 0)
  return [
    ...withChoices.map((option) => formatCase(afterOptions(name, [option]), option.choices)),
    formatCase(afterOptions(name, withAnyValue), []),
    formatCase(`${name}:*:-*`, options.flatMap(({ flags }) => flags)),
    formatCase(`${name}:*`, choices)
  ]
}

function afterOptions (command: string, options: readonly DescribedOption[]): string {
  return options.flatMap(({ flags }) => flags.map((flag) => `${command}:${flag}:*`)).join('|')
}

function formatCase (pattern: string, words: readonly string[]): string {
  return `    ${pattern}) words='${words.join(' ')}' ;;`
}
