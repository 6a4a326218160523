export { describeEgress } from './egress-refused.ts'
export type { EgressAttempt } from './egress-refused.ts'
export { EgressRefused } from './egress-refused.ts'
export { installEgressGuard, installedEgressGuard } from './install-egress-guard.ts'
