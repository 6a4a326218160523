import type { FunctionRights } from '../../authorization/function-rights.ts'
import type { Clock } from '../../clock.ts'
import type { Observe } from '../../events.ts'
import type { Executor } from '../../executors/executor.ts'
import type { Sql } from '../../sql.ts'
import type { FunctionTable } from './function-table.ts'

/** The dependencies of every operation. */
export interface LambdaContext {
  readonly sql: Sql
  readonly clock: Clock
  readonly newId: () => string
  readonly observe: Observe
  readonly executor: Executor
  readonly functions: FunctionTable
  readonly rights: FunctionRights
  /** Call it when a function was created, changed or deleted: its mappings start or stop. */
  readonly functionChanged: (region: string, name: string) => void
}
