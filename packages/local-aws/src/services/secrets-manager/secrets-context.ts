import type { Clock } from '../../clock.ts'
import type { RandomBytes } from '../../random.ts'
import type { Sql } from '../../sql.ts'

/** The dependencies of every Secrets Manager operation. */
export interface SecretsContext {
  readonly sql: Sql
  readonly clock: Clock
  readonly random: RandomBytes
}
