/** Collects garbage, also what only the first collection sets free. */
export function collect (): void {
  if (globalThis.gc === undefined) throw new Error('start with --expose-gc')
  globalThis.gc()
  globalThis.gc()
}
