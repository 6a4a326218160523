export { createMetrics } from './create-metrics.ts'
export type { MetricsOptions, MetricsRegistry } from './create-metrics.ts'
