import type { Clock } from '../../clock.ts'
import type { Call } from '../../service.ts'
import type { Sql } from '../../sql.ts'
import type { RequiredPermission } from '../required-permission.ts'

export type Input = Readonly<Record<string, unknown>>

/** What a call's permissions are computed from. */
export interface Scope {
  readonly call: Call
  readonly sql: Sql
  readonly clock: Clock
}

/** The permissions that one operation requires. */
export type Access = (input: Input, scope: Scope) => RequiredPermission | readonly RequiredPermission[]

/** Keyed by operation. */
export type AccessTable = Readonly<Record<string, Access>>
