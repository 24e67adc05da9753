/** Flags for a Node process that runs TypeScript files which import this package by its name. */
export const nodeFlags: readonly string[] = ['--import', new URL('from-source.js', import.meta.url).href]
