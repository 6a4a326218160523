export { createLog } from './create-log.ts'
export type { LogOptions } from './create-log.ts'
export { createRedaction } from './redaction.ts'
export type { Redaction } from './redaction.ts'
