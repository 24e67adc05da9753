/** Flags for a Node process whose TypeScript files import this package by its name. */
export const nodeFlags: readonly string[] = ['--import', new URL('from-source.js', import.meta.url).href]
