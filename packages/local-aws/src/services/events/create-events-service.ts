import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Observe } from '../../events.ts'
import { bindOperations, type Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import type { EventsContext } from './events-context.ts'
import { openEventsTables } from './events-tables.ts'
import * as ruleOperations from './rule-operations.ts'
import { createSchedules, type InvokeFunction } from './run-schedules.ts'
import { listTagsForResource, tagResource, untagResource } from './tag-operations.ts'
import * as targetOperations from './target-operations.ts'

export interface EventsServiceOptions {
  readonly store: Store
  readonly clock: Clock
  /** How a rule reaches its functions. */
  readonly invoke: InvokeFunction
  readonly observe?: Observe
  /** @default random UUIDs */
  readonly newId?: () => string
}

/** EventBridge, with its timers. */
export interface EventsService {
  readonly service: Service
  /** Starts the stored rules. */
  start(): void
  stop(): void
}

/** EventBridge's rules that invoke functions on a schedule: no patterns, no other buses. */
export function createEventsService(options: EventsServiceOptions): EventsService {
  const { store, clock, invoke, observe = () => undefined, newId = randomUUID } = options
  openEventsTables(store)
  const sql = sqlOf(store)
  const schedules = createSchedules({ sql, clock, newId, observe, invoke })
  const context: EventsContext = { sql, clock, ruleChanged: schedules.ruleChanged }
  return {
    service: {
      name: 'events',
      operations: bindOperations(context, {
        ...ruleOperations,
        ...targetOperations,
        listTagsForResource,
        tagResource,
        untagResource,
      }),
    },
    start: schedules.start,
    stop: schedules.stop,
  }
}
