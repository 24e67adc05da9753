/** Collects garbage twice, as the first collection can make more objects unreachable. */
export function collect (): void {
  if (globalThis.gc === undefined) throw new Error('start with --expose-gc')
  globalThis.gc()
  globalThis.gc()
}
