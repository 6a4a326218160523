export { setUpTestbeds } from './set-up-testbeds.ts'
export type { Deliveries } from './count-deliveries.ts'
export type { TestbedMatchers } from './matchers.ts'
