export { sleep } from './sleep.ts'
export { systemClock } from './system-clock.ts'
export { withDeadline } from './with-deadline.ts'
export type { Timed } from './with-deadline.ts'
