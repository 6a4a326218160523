export { sleep } from './sleep.ts'
export { systemClock } from './system-clock.ts'
