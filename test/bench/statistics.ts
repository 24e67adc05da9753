/** What many measurements come to. */
export interface Summary {
  readonly median: number
  readonly quartiles: readonly [number, number]
  readonly range: readonly [number, number]
}

export function summarize (values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number) => quantile(sorted, part)
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)], range: [at(0), at(1)] }
}

export function median (values: readonly number[]): number {
  return summarize(values).median
}

function quantile (sorted: readonly number[], part: number): number {
  const position = (sorted.length - 1) * part
  const below = sorted[Math.floor(position)] ?? NaN
  const above = sorted[Math.ceil(position)] ?? NaN
  return below + (above - below) * (position - Math.floor(position))
}
