import type { Clock } from '../../clock.ts'
import type { Observe } from '../../events.ts'
import type { Sql } from '../../sql.ts'
import { findRule, listRuleRecords, type RuleRecord } from './rule-record.ts'
import { nextDue, readRate } from './schedule.ts'

/** An event for a function, from a service that its policy may allow to invoke it. */
interface ServiceEvent {
  readonly functionArn: string
  readonly payload: string
  readonly service: string
  /** ARN of what sends it. */
  readonly sourceArn: string
  readonly accountId: string
}

/** Gives an event to a function; the reason if it is not taken. */
export type InvokeFunction = (event: ServiceEvent) => string | undefined

/** The timers of all enabled rules. */
export interface Schedules {
  /** Starts the stored rules. */
  readonly start: () => void
  readonly ruleChanged: (region: string, name: string) => void
  readonly stop: () => void
}

interface SchedulesOptions {
  readonly sql: Sql
  readonly clock: Clock
  readonly newId: () => string
  readonly observe: Observe
  readonly invoke: InvokeFunction
}

/** Sends each rule's event to its targets when it is due. What was due while the cloud was stopped is not made up for. */
export function createSchedules(options: SchedulesOptions): Schedules {
  const { sql, clock } = options
  const timers = new Map<string, () => void>()
  let isStarted = false

  const clear = (id: string): void => {
    timers.get(id)?.()
    timers.delete(id)
  }
  const wait = (rule: RuleRecord): void => {
    if (!isStarted || !rule.isEnabled) return
    const now = clock.now()
    const due = nextDue({ every: readRate(rule.schedule), since: rule.since, now })
    // Idle: a schedule comes due for ever, and no work waits for it.
    timers.set(
      idOf(rule),
      clock.after(due - now, () => fire(rule, due), 'idle'),
    )
  }
  const fire = ({ region, name }: RuleRecord, due: number): void => {
    timers.delete(idOf({ region, name }))
    // Read only now: its targets may have changed.
    const rule = findRule(sql, region, name)
    if (!rule) return
    send(options, rule, due)
    wait(rule)
  }
  return {
    start() {
      isStarted = true
      for (const rule of listRuleRecords(sql)) wait(rule)
    },
    ruleChanged(region, name) {
      clear(idOf({ region, name }))
      const rule = findRule(sql, region, name)
      if (rule) wait(rule)
    },
    stop() {
      isStarted = false
      for (const id of timers.keys()) clear(id)
    },
  }
}

function idOf({ region, name }: { region: string; name: string }): string {
  return `${region} ${name}`
}

function send({ clock, newId, observe, invoke }: SchedulesOptions, rule: RuleRecord, due: number): void {
  const fact = { source: 'events', rule: rule.name } as const
  observe({ ...fact, at: clock.now(), kind: 'rule-fired' })
  const event = JSON.stringify(scheduledEvent(rule, { id: newId(), due }))
  for (const { arn, input } of rule.targets) {
    const refused = invoke({
      functionArn: arn,
      payload: input ?? event,
      service: 'events.amazonaws.com',
      sourceArn: rule.arn,
      accountId: rule.accountId,
    })
    if (refused !== undefined)
      observe({ ...fact, at: clock.now(), kind: 'target-failed', target: arn, reason: refused })
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html shows the same members. */
function scheduledEvent(rule: RuleRecord, { id, due }: { id: string; due: number }): object {
  return {
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: rule.accountId,
    time: `${new Date(due).toISOString().slice(0, 19)}Z`,
    region: rule.region,
    resources: [rule.arn],
    detail: {},
  }
}
