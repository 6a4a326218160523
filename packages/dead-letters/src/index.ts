export { createClose } from './close.ts'
export type { Closed } from './close.ts'
export { createRedrive } from './redrive.ts'
export type { Redriven } from './redrive.ts'
