export { setUpTestbeds } from './set-up-testbeds.ts'
/** Brings `declare module 'vitest'` into the declarations of this package. @public */
export type { TestbedMatchers } from './matchers.ts'
