/**
 * Metrics for Prometheus.
 * @module fastify-green-api/metrics
 */
export { collectMetrics, type AppWithGreenApi, type MetricsOptions } from './collect-metrics.ts'
export type { MetricsRegistry } from './metrics.ts'
