import type { Command } from 'commander'
import { exitCode } from '../command.ts'
import { print, type Terminal } from '../terminal.ts'
import { formatBash, formatZsh } from './bash.ts'
import { describeCommand } from './described-command.ts'
import { formatFish } from './fish.ts'

export type Shell = 'bash' | 'zsh' | 'fish'

const formats: Readonly<Record<Shell, typeof formatBash>> = { bash: formatBash, zsh: formatZsh, fish: formatFish }

/** Prints a completion script that is generated from the commands and options of `program`. */
export async function printCompletion (shell: Shell, program: Command, { stdout }: Terminal): Promise<number> {
  print(stdout, formats[shell](describeCommand(program), program.commands.map(describeCommand)))
  return exitCode.ok
}
