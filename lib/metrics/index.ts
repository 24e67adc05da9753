export { collectMetrics, type AppWithGreenApi, type MetricsOptions } from './collect-metrics.ts'
export type { MetricsRegistry } from './metrics.ts'
