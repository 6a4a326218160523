import type { Clock } from '../../clock.ts'
import type { Sql } from '../../sql.ts'

/** The dependencies of every operation. */
export interface EventsContext {
  readonly sql: Sql
  readonly clock: Clock
  /** Call it when a rule was made, changed or deleted: its schedule starts, stops or changes. */
  readonly ruleChanged: (region: string, name: string) => void
}
