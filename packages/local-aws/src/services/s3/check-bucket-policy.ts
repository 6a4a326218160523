import { readPolicy } from '../../authorization/read-policy.ts'
import { AwsError } from '../../service.ts'

type Json = Readonly<Record<string, unknown>>

const MAX_BYTES = 20_480
const VERSIONS = new Set<unknown>([undefined, '2012-10-17', '2008-10-17'])

/** The properties of a policy that S3 checks before it stores it. */
export interface CheckedPolicy {
  /** Allows an action to every principal, without a condition. */
  readonly isPublic: boolean
}

/** Rejects an invalid bucket policy: bad JSON, missing parts, actions and resources that are not this bucket's. */
export function checkBucketPolicy(text: string, bucket: string): CheckedPolicy {
  const policy = parse(text)
  if (Buffer.byteLength(text) > MAX_BYTES) throw malformed('Policy document exceeds the maximum allowed size')
  if (!VERSIONS.has(policy['Version'])) throw malformed('The policy must contain a valid version string')
  const statements = listOf(policy['Statement'])
  if (statements.length === 0) throw malformed('Could not parse the policy: Statement is empty!')
  for (const statement of statements) checkStatement(statement, bucket)
  const read = readPolicy(text)
  if (!read.ok) throw malformed(`Could not parse the policy: ${read.problem}`)
  return { isPublic: statements.some((statement) => isPublic(statement)) }
}

function checkStatement(statement: unknown, bucket: string): void {
  if (!isObject(statement)) throw malformed("Policies must be valid JSON and the first byte must be '{'")
  if (statement['Effect'] === undefined) throw malformed('Missing required field Effect')
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') {
    throw malformed(`Invalid effect: ${JSON.stringify(statement['Effect'])}`)
  }
  if (statement['Principal'] === undefined && statement['NotPrincipal'] === undefined) {
    throw malformed('Missing required field Principal')
  }
  const actions = listOf(statement['Action'] ?? statement['NotAction'])
  if (actions.length === 0) throw malformed('Missing required field Action')
  if (!actions.every((action) => typeof action === 'string' && /^(?:\*|s3:[\w*?]+)$/i.test(action))) {
    throw malformed('Policy has invalid action')
  }
  const resources = listOf(statement['Resource'] ?? statement['NotResource'])
  if (resources.length === 0) throw malformed('Missing required field Resource')
  if (!resources.every((resource) => typeof resource === 'string' && isOf(resource, bucket))) {
    throw malformed('Policy has invalid resource')
  }
}

function isOf(resource: string, bucket: string): boolean {
  const name = /^arn:aws:s3:::([^/]*)/.exec(resource)?.[1]
  if (name === undefined) return false
  const pattern = name
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${pattern}$`).test(bucket)
}

function isPublic(statement: unknown): boolean {
  if (!isObject(statement) || statement['Effect'] !== 'Allow' || statement['Condition'] !== undefined) return false
  const principal = statement['Principal']
  return principal === '*' || (isObject(principal) && listOf(principal['AWS']).includes('*'))
}

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    if (text.startsWith('{') && isObject(value)) return value
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'")
  }
  throw malformed("Policies must be valid JSON and the first byte must be '{'")
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicy', message, { status: 400 })
}
