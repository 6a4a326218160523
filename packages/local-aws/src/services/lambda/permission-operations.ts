import type {
  AddPermissionRequest,
  AddPermissionResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  RemovePermissionRequest,
} from '@aws-sdk/client-lambda'
import type { Call } from '../../service.ts'
import { textOf } from '../../sql.ts'
import { arnOf, readFunctionName, requireFunction, type FunctionName } from './function-name.ts'
import type { LambdaContext } from './lambda-context.ts'
import { conflict, invalidParameter, notFound, violates, wrongRevision } from './lambda-errors.ts'

/** One statement of a function's policy, as AWS writes it. */
interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Principal: unknown
  readonly Action: string
  readonly Resource: string
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

interface Policy {
  readonly statements: readonly Statement[]
  readonly revisionId: string
}

export function addPermission(context: LambdaContext, input: AddPermissionRequest, call: Call): AddPermissionResponse {
  const named = readFunctionName(input.FunctionName, call, input.Qualifier)
  checkStatementId(input.StatementId)
  if (named.qualifier === '$LATEST') {
    throw invalidParameter('We currently do not support adding policies for $LATEST.')
  }
  requireFunction(context, named, call)
  const policy = readPolicy(context, named, call.region)
  checkRevision(input.RevisionId, policy)
  const sid = input.StatementId ?? ''
  if (policy?.statements.some(({ Sid }) => Sid === sid) === true) {
    throw conflict(
      `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    )
  }
  const statement = statementOf(input, arnOf(call, named.name, named.qualifier))
  savePolicy(context, call, { named, statements: [...(policy?.statements ?? []), statement] })
  return { Statement: JSON.stringify(statement) }
}

export function getPolicy(context: LambdaContext, input: GetPolicyRequest, call: Call): GetPolicyResponse {
  const named = readFunctionName(input.FunctionName, call, input.Qualifier)
  requireFunction(context, named, call)
  const policy = readPolicy(context, named, call.region)
  if (!policy) throw notFound('The resource you requested does not exist.')
  return {
    Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy.statements }),
    RevisionId: policy.revisionId,
  }
}

export function removePermission(context: LambdaContext, input: RemovePermissionRequest, call: Call): object {
  const named = readFunctionName(input.FunctionName, call, input.Qualifier)
  const policy = readPolicy(context, named, call.region)
  if (!context.functions.find({ region: call.region, name: named.name })) {
    throw notFound(`No policy found for: ${arnOf(call, named.name, named.qualifier)}`)
  }
  if (!policy) throw notFound('No policy is associated with the given resource.')
  if (!policy.statements.some(({ Sid }) => Sid === input.StatementId)) {
    throw notFound(`Statement ${input.StatementId} is not found in resource policy.`)
  }
  checkRevision(input.RevisionId, policy)
  savePolicy(context, call, { named, statements: policy.statements.filter(({ Sid }) => Sid !== input.StatementId) })
  return {}
}

function checkStatementId(id: string | undefined): void {
  if (/^[a-zA-Z0-9-_]{1,100}$/u.test(id ?? '')) return
  const rule = 'Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)'
  throw violates({ value: id, member: 'statementId', rule })
}

function statementOf(input: AddPermissionRequest, resource: string): Statement {
  const equals = {
    ...(input.SourceAccount === undefined ? {} : { 'AWS:SourceAccount': input.SourceAccount }),
    ...(input.FunctionUrlAuthType === undefined ? {} : { 'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType }),
    ...(input.EventSourceToken === undefined ? {} : { 'lambda:EventSourceToken': input.EventSourceToken }),
    ...(input.PrincipalOrgID === undefined ? {} : { 'aws:PrincipalOrgID': input.PrincipalOrgID }),
  }
  const condition = {
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    ...(input.SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
    ...(input.InvokedViaFunctionUrl === undefined
      ? {}
      : { Bool: { 'lambda:InvokedViaFunctionUrl': String(input.InvokedViaFunctionUrl) } }),
  }
  return {
    Sid: input.StatementId ?? '',
    Effect: 'Allow',
    Principal: principalOf(input.Principal ?? ''),
    Action: input.Action ?? '',
    Resource: resource,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  }
}

function principalOf(principal: string): unknown {
  if (principal === '*') return '*'
  if (/^\d{12}$/u.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` }
  if (principal.startsWith('arn:')) return { AWS: principal }
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com$/u.test(principal)) return { Service: principal }
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.')
}

function checkRevision(given: string | undefined, policy: Policy | undefined): void {
  if (given !== undefined && given !== policy?.revisionId) throw wrongRevision('GetPolicy')
}

function readPolicy(
  context: LambdaContext,
  { name, qualifier = '' }: FunctionName,
  region: string,
): Policy | undefined {
  const row = context.sql.one(
    'SELECT body FROM lambda_policies WHERE region = ? AND function = ? AND qualifier = ?',
    region,
    name,
    qualifier,
  )
  if (!row) return undefined
  const policy: Policy = JSON.parse(textOf(row, 'body'))
  return policy
}

function savePolicy(
  context: LambdaContext,
  call: Call,
  { named, statements }: { named: FunctionName; statements: readonly Statement[] },
): void {
  const key = [call.region, named.name, named.qualifier ?? '']
  if (statements.length === 0) {
    context.sql.run('DELETE FROM lambda_policies WHERE region = ? AND function = ? AND qualifier = ?', ...key)
    return
  }
  const body = JSON.stringify({ statements, revisionId: context.newId() })
  context.sql.run(
    'INSERT OR REPLACE INTO lambda_policies (region, function, qualifier, body) VALUES (?, ?, ?, ?)',
    ...key,
    body,
  )
}
