import { invalidAttributeValue, unknownAttribute } from './sqs-errors.ts'
import { AwsError } from '../../service.ts'
import { readPolicy } from '../../authorization/read-policy.ts'

/** A queue attribute that a caller may set: its default (none: absent until set), and what values it takes. */
interface AttributeRule {
  readonly default?: string
  readonly check: (value: string) => boolean
}

const between =
  (min: number, max: number) =>
  (value: string): boolean =>
    /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max

const isBoolean = (value: string): boolean => value === 'true' || value === 'false'

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const rules: Readonly<Record<string, AttributeRule>> = {
  DelaySeconds: { default: '0', check: between(0, 900) },
  MaximumMessageSize: { default: '1048576', check: between(1024, 1_048_576) },
  MessageRetentionPeriod: { default: '345600', check: between(60, 1_209_600) },
  ReceiveMessageWaitTimeSeconds: { default: '0', check: between(0, 20) },
  VisibilityTimeout: { default: '30', check: between(0, 43_200) },
  SqsManagedSseEnabled: { default: 'true', check: isBoolean },
  KmsMasterKeyId: { check: () => true },
  KmsDataKeyReusePeriodSeconds: { check: between(60, 86_400) },
  // Checked by {@link refusePolicy}, whose error names the problem.
  Policy: { check: () => true },
  RedrivePolicy: { check: () => true },
  RedriveAllowPolicy: { check: () => true },
}

/** Names come from clients: one may be `__proto__`. */
function ruleOf(name: string): AttributeRule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}

/** The effective value: what was set, else AWS's default. */
export function attributeValue(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  if (name === 'SqsManagedSseEnabled' && attributes['KmsMasterKeyId'] !== undefined) return attributes[name] ?? 'false'
  return attributes[name] ?? ruleOf(name)?.default
}

/** As {@link attributeValue}, for an attribute that is a number with a default. */
export function numberAttribute(attributes: Readonly<Record<string, string>>, name: string): number {
  return Number(attributeValue(attributes, name))
}

/** Names of all attributes that can be set. */
export const settableAttributes: readonly string[] = Object.keys(rules)

/** Throws for a name that cannot be set on a standard queue, or an invalid value. */
export function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const rule = ruleOf(name)
    if (!rule) throw refusedName(name)
    if (!rule.check(value)) throw invalidAttributeValue(name)
    if (name === 'Policy' && value !== '') refusePolicy(value)
  }
}

/** Rejects a policy that could not be evaluated later: no JSON, no statement, an unknown element or operator. */
function refusePolicy(text: string): void {
  const read = readPolicy(text)
  if (!read.ok) throw invalidAttributeValue('Policy', `${read.problem}.`)
  if (read.statements.length === 0) throw invalidAttributeValue('Policy', 'it has no Statement.')
}

function refusedName(name: string): AwsError {
  if (name !== 'DeduplicationScope' && name !== 'FifoThroughputLimit') return unknownAttribute(name)
  return new AwsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`)
}
