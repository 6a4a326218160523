import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts'
import { type Caller, AwsError } from '../../service.ts'

const SESSION_NAME = /^[\w+=,.@-]*$/
const MIN_SECONDS = 900
const MAX_SECONDS = 43_200
const MAX_CHAINED_SECONDS = 3600

/** A valid request; whether the role exists is not checked. */
export interface AssumeRoleRequest {
  readonly roleArn: string
  readonly sessionName: string
  readonly seconds: number
  readonly policies: readonly string[]
}

/** Checks AssumeRole's parameters; throws ValidationError as AWS words it. */
export function checkAssumeRole(input: AssumeRoleCommandInput, caller: Caller): AssumeRoleRequest {
  const { RoleArn: roleArn, RoleSessionName: sessionName } = input
  const seconds = input.DurationSeconds ?? 3600
  if (roleArn === undefined) throw invalid(constraint('roleArn', 'Member must not be null'))
  if (roleArn.length < 20) throw invalid(constraint('roleArn', 'Member must have length greater than or equal to 20'))
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn)) throw invalid(`${roleArn} is invalid`)
  if (sessionName === undefined) throw invalid(constraint('roleSessionName', 'Member must not be null'))
  if (!SESSION_NAME.test(sessionName)) {
    throw invalid(constraint('roleSessionName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]*'))
  }
  if (sessionName.length < 2) {
    throw invalid(constraint('roleSessionName', 'Member must have length greater than or equal to 2'))
  }
  if (sessionName.length > 64) {
    throw invalid(constraint('roleSessionName', 'Member must have length less than or equal to 64'))
  }
  if (seconds < MIN_SECONDS) {
    throw invalid(constraint('durationSeconds', `Member must have value greater than or equal to ${MIN_SECONDS}`))
  }
  if (seconds > MAX_SECONDS) {
    throw invalid(constraint('durationSeconds', `Member must have value less than or equal to ${MAX_SECONDS}`))
  }
  if (caller.roleName !== undefined && seconds > MAX_CHAINED_SECONDS) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.')
  }
  const policies = [input.Policy, ...(input.PolicyArns ?? []).map(({ arn }) => arn)].filter(
    (policy) => policy !== undefined,
  )
  return { roleArn, sessionName, seconds, policies }
}

function constraint(member: string, rule: string): string {
  return `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${rule}`
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message, { status: 400 })
}
