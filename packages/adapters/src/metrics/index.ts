export { createMetrics, metricsContentType } from './create-metrics.ts'
export type { MetricsOptions, MetricsRegistry } from './create-metrics.ts'
