import type { FunctionRights } from '../../authorization/function-rights.ts'
import type { Clock } from '../../clock.ts'
import type { Observe } from '../../events.ts'
import type { Executor } from '../../executors/executor.ts'
import type { Sql } from '../../sql.ts'
import type { FunctionTable } from './function-table.ts'

/** What every operation of the service works with. */
export interface LambdaContext {
  readonly sql: Sql
  readonly clock: Clock
  readonly newId: () => string
  readonly observe: Observe
  readonly executor: Executor
  readonly functions: FunctionTable
  readonly rights: FunctionRights
  /** A function appeared, changed or went: its mappings start or rest. */
  readonly functionChanged: (region: string, name: string) => void
}
