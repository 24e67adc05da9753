import { Argument } from 'commander'
import type { DefineCommand } from '../command.ts'
import type { Shell } from './run.ts'

const helpText = `
The script completes the commands and options of fastify-green-api, so the program has to be in your PATH:
npm install --global fastify-green-api

Examples:
  $ eval "$(fastify-green-api completion bash)"  # in ~/.bashrc
  $ eval "$(fastify-green-api completion zsh)"   # in ~/.zshrc, after compinit
  $ fastify-green-api completion fish | source   # in ~/.config/fish/config.fish

Exits with 0, or 2 on a usage error.`

export const defineCompletion: DefineCommand = (program, start) => {
  program.command('completion')
    .summary('print a script for tab completion')
    .description('Prints a script that completes the commands and options of this program in your shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', helpText)
    .action(async (shell: Shell) => {
      const { printCompletion } = await import('./run.ts')
      await start((terminal) => printCompletion(shell, program, terminal))
    })
}
