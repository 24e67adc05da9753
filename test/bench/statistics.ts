export interface Summary {
  readonly median: number
  readonly quartiles: readonly [number, number]
  readonly range: readonly [number, number]
}

export function summarize (values: readonly number[]): Summary {
  const [least = NaN, lower = NaN, median = NaN, upper = NaN, most = NaN] = quantiles(values, [0, 0.25, 0.5, 0.75, 1])
  return { median, quartiles: [lower, upper], range: [least, most] }
}

export function median (values: readonly number[]): number {
  return summarize(values).median
}

/** Returns the quantiles of the values at the given parts, which are between 0 and 1. */
export function quantiles (values: readonly number[], parts: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b)
  return parts.map((part) => quantile(sorted, part))
}

function quantile (sorted: readonly number[], part: number): number {
  const position = (sorted.length - 1) * part
  const below = sorted[Math.floor(position)] ?? NaN
  const above = sorted[Math.ceil(position)] ?? NaN
  return below + (above - below) * (position - Math.floor(position))
}
