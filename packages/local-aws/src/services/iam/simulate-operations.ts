import type { ContextEntry, EvaluationResult, SimulatePrincipalPolicyCommandInput } from '@aws-sdk/client-iam'
import { decide } from '../../authorization/decide.ts'
import { readAll } from '../../authorization/evaluate-access.ts'
import { findIdentityPolicies } from '../../authorization/identity-policies.ts'
import { AwsError } from '../../service.ts'
import type { IamContext } from './iam-context.ts'
import { pageOf } from './page-results.ts'
import { findRoleByArn } from './role-record.ts'

/**
 * What the policies and the boundary of a role would decide. As on AWS, a condition key has only the values that the
 * caller gives, and policies of resources do not count.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export function simulatePrincipalPolicy({ sql }: IamContext, input: SimulatePrincipalPolicyCommandInput): object {
  const { PolicySourceArn: arn = '', ActionNames: actions = [], ResourceArns: resources = ['*'] } = input
  const role = findRoleByArn(sql, arn)
  if (!role) throw new AwsError('NoSuchEntityException', `The principal with ARN ${arn} cannot be found.`)
  const caller = { accountId: role.account, arn, roleName: role.name }
  const { identity, boundary } = findIdentityPolicies(sql, caller)
  const policies = {
    identity: readAll(identity),
    boundary: boundary && readAll(boundary),
    session: undefined,
    resource: [],
    resourceMustAllow: false,
  }
  const valuesOf = contextOf(input.ContextEntries ?? [])
  const results = actions.flatMap((action) =>
    resources.map((resource): EvaluationResult => {
      const denial = decide(policies, { action, resource, valuesOf }, { ...caller, roleArn: arn })
      const EvalDecision = !denial ? 'allowed' : denial.explicit ? 'explicitDeny' : 'implicitDeny'
      return { EvalActionName: action, EvalResourceName: resource, EvalDecision }
    }),
  )
  const { items, ...page } = pageOf(
    results,
    input,
    ({ EvalActionName, EvalResourceName }) => `${EvalActionName} ${EvalResourceName}`,
  )
  return { EvaluationResults: items, ...page }
}

function contextOf(entries: readonly ContextEntry[]): (key: string) => readonly string[] | undefined {
  const values = new Map(
    entries.map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName?.toLowerCase(), ContextKeyValues]),
  )
  return (key) => values.get(key.toLowerCase())
}
