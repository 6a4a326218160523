import { AwsError, type Call } from '../../service.ts'
import { textOf, type Row, type Sql } from '../../sql.ts'

/** A function that a rule invokes. `input` replaces the event. */
export interface TargetRecord {
  readonly id: string
  readonly arn: string
  readonly input: string | undefined
}

/** A rule of the account's own event bus. */
export interface RuleRecord {
  readonly name: string
  readonly region: string
  readonly accountId: string
  readonly arn: string
  readonly description: string | undefined
  /** As it was given: `rate(1 minute)`. */
  readonly schedule: string
  readonly isEnabled: boolean
  /** The first period of its rate began then. */
  readonly since: number
  readonly targets: readonly TargetRecord[]
  readonly tags: Readonly<Record<string, string>>
}

const BUS = 'default'

/** The name in a request, checked; the bus, if it names one, must be the account's own. */
export function readRuleName(
  name: string | undefined,
  { EventBusName: bus = BUS }: { readonly EventBusName?: string | undefined },
): string {
  if (bus !== BUS && !bus.endsWith(`:event-bus/${BUS}`))
    throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`)
  if (name !== undefined && /^[.\-_A-Za-z0-9]{1,64}$/u.test(name)) return name
  throw invalid(
    `1 validation error detected: Value '${name ?? ''}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
  )
}

export function ruleArn({ region, caller }: Pick<Call, 'region' | 'caller'>, name: string): string {
  return `arn:aws:events:${region}:${caller.accountId}:rule/${name}`
}

export function findRule(sql: Sql, region: string, name: string): RuleRecord | undefined {
  return read(sql.one('SELECT body FROM events_rules WHERE region = ? AND name = ?', region, name))
}

export function requireRule(sql: Sql, region: string, name: string): RuleRecord {
  const rule = findRule(sql, region, name)
  if (rule) return rule
  throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${BUS}.`)
}

/** All rules, or those of one region, by name. */
export function listRuleRecords(sql: Sql, region?: string): readonly RuleRecord[] {
  const rows =
    region === undefined
      ? sql.all('SELECT body FROM events_rules ORDER BY name')
      : sql.all('SELECT body FROM events_rules WHERE region = ? ORDER BY name', region)
  return rows.flatMap((row) => read(row) ?? [])
}

export function saveRule(sql: Sql, rule: RuleRecord): void {
  const body = JSON.stringify(rule)
  sql.run('INSERT OR REPLACE INTO events_rules (region, name, body) VALUES (?, ?, ?)', rule.region, rule.name, body)
}

export function dropRule(sql: Sql, { region, name }: RuleRecord): void {
  sql.run('DELETE FROM events_rules WHERE region = ? AND name = ?', region, name)
}

function read(row: Row | undefined): RuleRecord | undefined {
  if (!row) return undefined
  const rule: RuleRecord = JSON.parse(textOf(row, 'body'))
  return rule
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message, { status: 400 })
}

/** Valid on AWS, not implemented here: an error, so that it is not silently ignored. */
export function notOffered(parameter: string): AwsError {
  return invalid(`${parameter} is not offered by this embedded cloud. Remove it, or use AWS itself.`)
}
