import { numberOf, optionalNumberOf, optionalTextOf, textOf, type Row, type Sql } from '../../sql.ts'

/** A redrive of a dead-letter queue. */
export interface MoveTask {
  readonly handle: string
  readonly region: string
  /** ARN of the dead-letter queue. */
  readonly source: string
  /** An ARN; undefined for each message's source queue. */
  readonly destination: string | undefined
  readonly perSecond: number | undefined
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED'
  readonly moved: number
  readonly toMove: number
  readonly startedAt: number
  readonly failure: string | undefined
}

const statuses = ['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED'] as const

function readTask(row: Row): MoveTask {
  const status = statuses.find((known) => known === row['status'])
  if (!status) throw new TypeError('A move task has an unknown status.')
  return {
    handle: textOf(row, 'handle'),
    region: textOf(row, 'region'),
    source: textOf(row, 'source'),
    destination: optionalTextOf(row, 'destination'),
    perSecond: optionalNumberOf(row, 'per_second'),
    status,
    moved: numberOf(row, 'moved'),
    toMove: numberOf(row, 'to_move'),
    startedAt: numberOf(row, 'started_at'),
    failure: optionalTextOf(row, 'failure'),
  }
}

export function findTask(sql: Sql, handle: string): MoveTask | undefined {
  const row = sql.one('SELECT * FROM sqs_move_tasks WHERE handle = ?', handle)
  return row && readTask(row)
}

/** Newest first. */
export function tasksOf(sql: Sql, source: string): readonly MoveTask[] {
  return sql
    .all('SELECT * FROM sqs_move_tasks WHERE source = ? ORDER BY started_at DESC, rowid DESC', source)
    .map(readTask)
}

export function runningTasks(sql: Sql): readonly MoveTask[] {
  return sql.all("SELECT * FROM sqs_move_tasks WHERE status = 'RUNNING' ORDER BY started_at").map(readTask)
}

export function insertTask(sql: Sql, task: MoveTask): void {
  sql.run(
    `INSERT INTO sqs_move_tasks (handle, region, source, destination, per_second, status, moved, to_move, started_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    task.handle,
    task.region,
    task.source,
    task.destination ?? null,
    task.perSecond ?? null,
    task.status,
    task.moved,
    task.toMove,
    task.startedAt,
  )
}

export function updateTask(sql: Sql, handle: string, change: Pick<MoveTask, 'status' | 'moved' | 'failure'>): void {
  sql.run(
    'UPDATE sqs_move_tasks SET status = ?, moved = ?, failure = ? WHERE handle = ?',
    change.status,
    change.moved,
    change.failure ?? null,
    handle,
  )
}
