import type { Clock } from '../../clock.ts'
import type { S3Event } from '../../events.ts'
import type { RandomBytes } from '../../random.ts'
import type { Sql } from '../../sql.ts'

/** The dependencies of every S3 operation. */
export interface S3Context {
  readonly sql: Sql
  readonly clock: Clock
  readonly random: RandomBytes
  /** Emits that an object was put or deleted. */
  readonly emit: (kind: S3Event['kind'], bucket: string, key: string) => void
}
