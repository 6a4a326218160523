import type { Clock } from '../../clock.ts'
import type { RandomBytes } from '../../random.ts'
import type { Sql } from '../../sql.ts'

/** What every Secrets Manager operation works with. */
export interface SecretsContext {
  readonly sql: Sql
  readonly clock: Clock
  readonly random: RandomBytes
}
