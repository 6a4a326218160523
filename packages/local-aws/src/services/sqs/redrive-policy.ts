import { arnOf, findQueueByArn, type QueueRecord } from './queue-record.ts'
import { invalidValue } from './sqs-errors.ts'
import type { Sql } from '../../sql.ts'

/** The target of messages that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string
  /** 1 to 1,000. */
  readonly maxReceiveCount: number
}

/** The stored policy of a queue; it was checked when it was set. */
export function redrivePolicyOf(attributes: Readonly<Record<string, string>>): RedrivePolicy | undefined {
  const text = attributes['RedrivePolicy']
  if (text === undefined || text === '') return undefined
  const { deadLetterTargetArn, maxReceiveCount } = readObject(text) ?? {}
  if (typeof deadLetterTargetArn !== 'string') return undefined
  return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) }
}

/** Throws as AWS does for a policy that is malformed, or whose target does not exist or does not allow this source. */
export function checkRedrivePolicy(
  sql: Sql,
  source: Pick<QueueRecord, 'region' | 'account' | 'name'>,
  text: string,
): void {
  if (text === '') return
  const refuse = (reason: string): Error => invalidValue('RedrivePolicy', text, reason)
  const policy = readObject(text)
  if (!policy) throw refuse('Redrive policy is not a valid JSON map.')
  for (const name of ['maxReceiveCount', 'deadLetterTargetArn']) {
    if (policy[name] === undefined) throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`)
  }
  const { maxReceiveCount, deadLetterTargetArn } = policy
  const count = Number(maxReceiveCount)
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${String(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
    )
  }
  const target = typeof deadLetterTargetArn === 'string' ? findQueueByArn(sql, deadLetterTargetArn) : undefined
  if (!target) throw refuse('Dead letter target does not exist.')
  if (!allows(target, arnOf(source)))
    throw refuse('The dead letter target does not allow this source queue (RedriveAllowPolicy).')
}

function allows(target: QueueRecord, sourceArn: string): boolean {
  const text = target.attributes['RedriveAllowPolicy']
  if (text === undefined || text === '') return true
  const { redrivePermission, sourceQueueArns } = readObject(text) ?? {}
  if (redrivePermission === 'denyAll') return false
  return redrivePermission !== 'byQueue' || (Array.isArray(sourceQueueArns) && sourceQueueArns.includes(sourceArn))
}

/** Throws for an invalid `RedriveAllowPolicy`. */
export function checkRedriveAllowPolicy(text: string): void {
  if (text === '') return
  const refuse = (reason: string): Error => invalidValue('RedriveAllowPolicy', text, reason)
  const policy = readObject(text)
  if (!policy) throw refuse('RedriveAllowPolicy is not a valid JSON map.')
  const { redrivePermission, sourceQueueArns } = policy
  if (redrivePermission !== 'allowAll' && redrivePermission !== 'denyAll' && redrivePermission !== 'byQueue') {
    throw refuse('redrivePermission must be one of allowAll, denyAll, byQueue.')
  }
  const arns: unknown[] | undefined = Array.isArray(sourceQueueArns) ? sourceQueueArns : undefined
  if (redrivePermission === 'byQueue' && (arns === undefined || arns.length < 1 || arns.length > 10)) {
    throw refuse('sourceQueueArns must hold 1 to 10 queue ARNs when redrivePermission is byQueue.')
  }
  if (redrivePermission !== 'byQueue' && sourceQueueArns !== undefined) {
    throw refuse('sourceQueueArns is only allowed when redrivePermission is byQueue.')
  }
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
